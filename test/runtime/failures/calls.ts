import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { type EchoFixture, failure } from "../support/echo.ts";

export const kinds = ["unary", "serverStream", "clientStream", "bidi"] as const;

/** What must never be told to a caller. */
export const secret = "password=hunter2";
export const bug = () => new Error(secret);

/** Calls a method, and resolves with what the call fails with. */
export function callEach(client: EchoFixture["client"], name: string): Promise<unknown> {
  const requests = [{ text: "a" }, { text: "b" }, { text: "c" }];
  const calls: Record<string, () => Promise<unknown>> = {
    unary: () => failure(client.unary({})),
    serverStream: () => failure(client.serverStream({})),
    clientStream: () => failure(client.clientStream(requests)),
    bidi: () => failure(client.bidi(requests)),
  };
  return calls[name]?.() ?? Promise.reject(new Error(`no method ${name}`));
}

/** Handlers without a fault. */
export const good: EchoHandlers = {
  unary: async () => ({}),
  serverStream: async function* () {
    yield {};
  },
  clientStream: async (requests) => {
    for await (const _request of requests);
    return {};
  },
  bidi: async function* (requests) {
    for await (const _request of requests) yield {};
  },
};
