// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import { type CallContext, GrpcError } from "../../../runtime/src/index.ts";
import type { EchoHandlers } from "../../runtime/gen/echo_grpc.ts";
import { signpost } from "../../runtime/support/echo.ts";
import { echoCall, serveEcho } from "../support/echo-server.ts";
import { grpcServer, serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"] as const;

/** Handlers that wait until their call is over, and what they saw of it. */
function waitingHandlers() {
  const arrived = signpost<CallContext>();
  const over = signpost<GrpcError>();
  async function wait(context: CallContext): Promise<Record<string, never>> {
    await new Promise((resolve) => {
      context.signal.addEventListener("abort", resolve);
      arrived.reach(context);
    });
    over.reach(GrpcError.from(context.signal.reason));
    return {};
  }
  async function* waitAndYield(context: CallContext) {
    yield await wait(context);
  }
  const handlers: EchoHandlers = {
    unary: (_, context) => wait(context),
    clientStream: (_, context) => wait(context),
    serverStream: (_, context) => waitAndYield(context),
    bidi: (_, context) => waitAndYield(context),
  };
  return { handlers, arrived: arrived.reached, over: over.reached };
}

describe.each(serverKinds)("a Python client of $name", (kind) => {
  const client = usePythonClient();

  test("its deadline is the handler's", async () => {
    const seen = signpost<Date | undefined>();
    const port = await serveEcho(kind, {
      unary: async (_, { deadline }) => {
        seen.reach(deadline);
        return {};
      },
    });
    const before = Date.now();
    await client.call(echoCall(port, "Unary", { timeout: 60 }));
    const deadline = (await seen.reached)?.getTime() ?? 0;
    // Not before a minute from the start, not after a minute from the end; the wire rounds.
    expect(deadline).toBeGreaterThan(before + 59_900);
    expect(deadline).toBeLessThan(Date.now() + 60_100);
  });

  test("without a deadline the handler has none", async () => {
    const seen = signpost<Date | undefined>();
    const port = await serveEcho(kind, {
      unary: async (_, { deadline }) => {
        seen.reach(deadline);
        return {};
      },
    });
    await client.call(echoCall(port, "Unary"));
    expect(await seen.reached).toBeUndefined();
  });

  test.each(methods)("the deadline of %s ends the call on both sides", async (method) => {
    const { handlers, over } = waitingHandlers();
    const port = await serveEcho(kind, handlers);
    // Long enough for the call to reach its handler on a busy machine, too.
    const call = echoCall(port, method, { timeout: 1, keepOpen: true });
    expect((await client.call(call)).code).toBe("DEADLINE_EXCEEDED");
    // Whichever comes first: the server's own timer, or the client's cancellation.
    const { code } = await over;
    expect(["DEADLINE_EXCEEDED", "CANCELLED"]).toContain(code);
  });

  test.each(methods)("cancelling %s is told to the handler", async (method) => {
    const { handlers, arrived, over } = waitingHandlers();
    const port = await serveEcho(kind, handlers);
    const call = client.start(echoCall(port, method, { keepOpen: true }));
    await arrived;
    call.cancel();
    expect((await call.outcome).code).toBe("CANCELLED");
    expect((await over).code).toBe("CANCELLED");
  });

  test("cancelling in the middle of a stream closes the generator", async () => {
    const closed = signpost();
    const port = await serveEcho(kind, {
      async *serverStream() {
        try {
          for (let number = 1; ; number += 1) yield { number };
        } finally {
          closed.reach();
        }
      },
    });
    const call = echoCall(port, "ServerStream", { cancelAfter: 3 });
    const { code, responses } = await client.call(call);
    expect(code).toBe("CANCELLED");
    expect(responses.slice(0, 3)).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    await closed.reached;
  });

  test("a handler that answers before the end of the requests ends the call", async () => {
    const port = await serveEcho(kind, {
      clientStream: async (requests) => {
        for await (const { text } of requests) return { text };
        return {};
      },
      async *bidi(requests) {
        for await (const { text } of requests) {
          yield { text };
          return;
        }
      },
    });
    for (const method of ["ClientStream", "Bidi"] as const) {
      const requests = [{ text: "first" }, { text: "second" }];
      const call = echoCall(port, method, { requests, keepOpen: true, timeout: 60 });
      const { code, responses } = await client.call(call);
      expect({ code, responses }).toEqual({ code: "OK", responses: [{ text: "first" }] });
    }
  });
});

// An ordinary server of grpc-js ends such calls by itself, some of them at once.
describe("a Python client of GrpcServer", () => {
  const client = usePythonClient();

  test("a deadline of more milliseconds than 32 bits can count does not come early", async () => {
    const port = await serveEcho(grpcServer, {
      unary: async (_, { signal }) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return { text: String(signal.aborted) };
      },
    });
    for (const days of [25, 50, 365]) {
      const call = echoCall(port, "Unary", { timeout: days * 86_400 });
      expect(await client.call(call)).toMatchObject({ code: "OK", responses: [{ text: "false" }] });
    }
  });
});
