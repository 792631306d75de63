import { GrpcError } from "../../../../runtime/src/index.ts";
import { EchoClient } from "../../gen/echo_client.ts";
import type { EchoReply } from "../../gen/echo_pb.ts";
import type { Outcome, Report, Target } from "../support/hostile.ts";

/** Calls every target in all four patterns. Reports the outcome of the calls and its own state. */
const uncaught: string[] = [];
process.on("uncaughtException", (error) => uncaught.push(String(error.stack ?? error)));
process.on("unhandledRejection", (error) => uncaught.push(`rejection: ${String(error)}`));

/**
 * Kept open to the end. Node 20 itself may abort when it collects a connection that got half a block
 * of headers ("current_nghttp2_memory_", as in nodejs/node#39951), whatever client it belonged to.
 */
const clients: EchoClient[] = [];

const requests = [{ text: "1" }, { text: "2" }, { text: "3" }];
const patterns: Record<string, (client: EchoClient) => Promise<number>> = {
  unary: async (client) => count([await client.unary({ text: "1" })]),
  serverStream: (client) => drain(client.serverStream({ text: "1" })),
  clientStream: async (client) => count([await client.clientStream(requests)]),
  bidi: (client) => drain(client.bidi(requests)),
};

function count(replies: EchoReply[]): number {
  return replies.length;
}

async function drain(replies: AsyncIterable<unknown>): Promise<number> {
  let messages = 0;
  for await (const _reply of replies) messages += 1;
  return messages;
}

async function outcomeOf(target: Target, pattern: string, retried: boolean): Promise<Outcome> {
  const { one, many } = target.timeoutMs;
  const timeoutMs = pattern === "unary" || pattern === "clientStream" ? one : many;
  const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"];
  const client = new EchoClient(`127.0.0.1:${target.port}`, {
    unaryTimeoutMs: timeoutMs,
    streamTimeoutMs: timeoutMs,
    channelOptions: { "grpc.use_local_subchannel_pool": 1 },
    resilience: {
      retry: retried
        ? { methods: methods.map((name) => `runtime.test.Echo/${name}`), initialBackoffMs: 10 }
        : false,
    },
  });
  clients.push(client);
  const start = performance.now();
  let result: string;
  let text = "";
  try {
    result = `OK ${await patterns[pattern]?.(client)}`;
  } catch (error) {
    result = error instanceof GrpcError ? error.code : `not a GrpcError: ${String(error)}`;
    text = error instanceof GrpcError ? error.rawMessage : "";
  }
  return { pattern, retried, result, text, timeoutMs, ms: performance.now() - start };
}

process.on("message", async (targets: Target[]) => {
  const outcomes: Record<string, Outcome[]> = {};
  // A few at a time, so that one cannot hide another's fault by keeping everything busy.
  while (targets.length > 0) {
    await Promise.all(
      targets.splice(0, 6).map(async (target) => {
        outcomes[target.name] = await Promise.all(
          Object.keys(patterns).flatMap((pattern) => [
            outcomeOf(target, pattern, false),
            outcomeOf(target, pattern, true),
          ]),
        );
      }),
    );
  }
  // Whatever is still to go wrong may do so.
  await new Promise((resolve) => setTimeout(resolve, 200));
  process.send?.({ outcomes, uncaught } satisfies Report, () => process.exit(0));
});
