import { describe, expect, test } from "vitest";
import { type ClientInterceptor, GrpcError } from "../../../runtime/src/index.ts";
import { callEach, kinds } from "../failures/calls.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { collect, connect, failure, startEcho } from "../support/echo.ts";

const names = {
  unary: "Unary",
  serverStream: "ServerStream",
  clientStream: "ClientStream",
  bidi: "Bidi",
};

describe.each(kinds)("%s", (kind) => {
  const method = `/runtime.test.Echo/${names[kind]}`;

  test("a refusal by the server names the method", async () => {
    const { client } = await startEcho({ handlers: {} });
    const text = `runtime.test.Echo/${names[kind]} is not implemented`;
    expect(await callEach(client, kind)).toMatchObject({
      method,
      rawMessage: text,
      message: `${method} [UNIMPLEMENTED] ${text}`,
    });
  });

  test.each<[string, () => Promise<ReturnType<typeof connect>>]>([
    ["no server", async () => connect("127.0.0.1:1", { resilience: { retry: false } })],
    [
      "a closed channel",
      async () => {
        const { client } = await startEcho({ handlers: {} });
        client.close();
        return client;
      },
    ],
    [
      "a deadline that has passed",
      async () => connect("127.0.0.1:1", { interceptors: [withError("DEADLINE_EXCEEDED")] }),
    ],
    [
      "a timeout that is none",
      async () => connect("127.0.0.1:1", { unaryTimeoutMs: -1, streamTimeoutMs: -1 }),
    ],
    [
      "metadata that cannot be sent",
      async () =>
        connect("127.0.0.1:1", {
          interceptors: [
            async (call, next) => {
              call.metadata.set("connection", "close");
              await next();
            },
          ],
        }),
    ],
    [
      "an interceptor",
      async () => connect("127.0.0.1:1", { interceptors: [withError("ABORTED")] }),
    ],
  ])("a failure by %s names the method", async (_what, open) => {
    const error = await callEach(await open(), kind);
    expect(error).toBeInstanceOf(GrpcError);
    expect(error).toMatchObject({ method, message: expect.stringContaining(`${method} [`) });
  });

  test("a failure that an interceptor hands on keeps its name", async () => {
    const other = "/auth.Tokens/Get";
    const { client } = await startEcho({ handlers: {} }, undefined, {
      interceptors: [
        async () => {
          throw new GrpcError("UNAUTHENTICATED", "who?", { method: other });
        },
      ],
    });
    expect(await callEach(client, kind)).toMatchObject({ method: other });
  });
});

function withError(code: "ABORTED" | "DEADLINE_EXCEEDED"): ClientInterceptor {
  return async () => {
    throw new GrpcError(code, "by an interceptor");
  };
}

test.each(["clientStream", "bidi"] as const)(
  "%s: what the source of requests throws stays what it is",
  async (kind) => {
    const handlers: Partial<EchoHandlers> = {
      clientStream: async (requests) => {
        await collect(requests);
        return {};
      },
      bidi: async function* (requests) {
        for await (const _request of requests) yield {};
      },
    };
    const { client } = await startEcho({ handlers });
    const own = new GrpcError("INVALID_ARGUMENT", "b is not allowed");
    const stack = own.stack;
    async function* source() {
      yield { text: "a" };
      throw own;
    }
    const error = await failure(client[kind](source()));
    expect(error).toBe(own);
    expect(own).toMatchObject({ method: undefined, stack });
  },
);

test.each(["serverStream", "bidi"] as const)(
  "%s: the stack shows where the call was made",
  async (kind) => {
    const { client } = await startEcho({
      handlers: {
        serverStream: async function* () {
          yield {};
          throw new GrpcError("ABORTED", "x");
        },
        bidi: async function* () {
          yield {};
          throw new GrpcError("ABORTED", "x");
        },
      },
    });
    function makesTheCall() {
      return kind === "bidi" ? client.bidi([{}]) : client.serverStream({});
    }
    const error = GrpcError.from(await failure(makesTheCall()));
    expect(error.stack).toMatch(/^GrpcError: \/runtime\.test\.Echo\/\w+ \[ABORTED\] x\n/);
    expect(error.stack).toMatch(/ {4}at makesTheCall .*failures\.test\.ts:/);
    expect(error.stack).not.toContain("node:internal/http2");
  },
);

test.each(["unary", "clientStream"] as const)(
  "%s: the stack shows where the reply is awaited",
  async (kind) => {
    const { client } = await startEcho({ handlers: {} });
    async function waitsForTheReply() {
      await (kind === "unary" ? client.unary({}) : client.clientStream([{}]));
    }
    const error = GrpcError.from(await failure(waitsForTheReply()));
    expect(error.stack).toMatch(/^GrpcError: \/runtime\.test\.Echo\/\w+ \[UNIMPLEMENTED\] /);
    expect(error.stack).toMatch(/ {4}at (?:async )?waitsForTheReply .*failures\.test\.ts:/);
    expect(error.stack).not.toContain("node:internal/http2");
  },
);
