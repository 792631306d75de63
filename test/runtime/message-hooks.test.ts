import { create, type Message } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  type ClientInterceptor,
  GrpcError,
  type MessageHook,
  type ServerInterceptor,
} from "../../runtime/src/index.ts";
import type { EchoHandlers } from "./gen/echo_grpc.ts";
import { EchoReplySchema, EchoRequestSchema } from "./gen/echo_pb.ts";
import { drivers } from "./support/drivers.ts";
import { collect, connect, failure, startEcho } from "./support/echo.ts";

const echo: EchoHandlers = {
  unary: async ({ text }) => ({ text }),
  serverStream: async function* ({ text }) {
    yield { text };
  },
  clientStream: async (requests) => {
    const received = await collect(requests);
    return { text: received.map(({ text }) => text).join() };
  },
  bidi: async function* (requests) {
    for await (const { text } of requests) yield { text };
  },
};

type Client = Awaited<ReturnType<typeof startEcho>>["client"];

const calls: Record<string, (client: Client) => Promise<string>> = {
  unary: async (client) => (await client.unary({ text: "x" })).text,
  serverStream: async (client) =>
    (await collect(client.serverStream({ text: "x" }))).map(({ text }) => text).join(),
  clientStream: async (client) => (await client.clientStream([{ text: "x" }])).text,
  bidi: async (client) =>
    (await collect(client.bidi([{ text: "x" }]))).map(({ text }) => text).join(),
};

function textOf(message: Message): string {
  return "text" in message && typeof message.text === "string" ? message.text : "";
}

/** A new message with `suffix` behind its text. */
function appending(suffix: string, pause: boolean): MessageHook {
  const append = (message: Message) => {
    const schema =
      message.$typeName === EchoRequestSchema.typeName ? EchoRequestSchema : EchoReplySchema;
    return create(schema, { text: textOf(message) + suffix });
  };
  if (!pause) return append;
  return async (message) => {
    await new Promise((resolve) => setImmediate(resolve));
    return append(message);
  };
}

describe.each([false, true])("asynchronous: %s", (pause) => {
  const transforming = (name: string): ServerInterceptor & ClientInterceptor => {
    return async (
      call: Parameters<ServerInterceptor>[0] | Parameters<ClientInterceptor>[0],
      next: () => Promise<void>,
    ) => {
      call.onRequest(appending(`>${name}`, pause));
      call.onResponse(appending(`<${name}`, pause));
      await next();
    };
  };

  describe.each(drivers)("$name", (driver) => {
    test.each(Object.entries(calls))("%s: hooks transform", async (_kind, call) => {
      const interceptors = [transforming("a"), transforming("b")];
      const { client } = await startEcho({ handlers: echo, interceptors }, driver);
      expect(await call(client)).toBe("x>a>b<b<a");
    });

    test.each(Object.entries(calls))("%s: hooks reject", async (_kind, call) => {
      for (const direction of ["onRequest", "onResponse"] as const) {
        const reject: ServerInterceptor = async (context, next) => {
          context[direction](() => {
            const error = new GrpcError("INVALID_ARGUMENT", direction);
            if (pause) return Promise.reject(error);
            throw error;
          });
          await next();
        };
        const { client } = await startEcho({ handlers: echo, interceptors: [reject] }, driver);
        expect(await failure(call(client))).toMatchObject({
          code: "INVALID_ARGUMENT",
          rawMessage: direction,
        });
      }
    });
  });

  test.each(Object.entries(calls))("client %s: hooks transform", async (_kind, call) => {
    const { address } = await startEcho({ handlers: echo });
    const client = connect(address, { interceptors: [transforming("a"), transforming("b")] });
    expect(await call(client)).toBe("x>a>b<b<a");
  });

  test.each(Object.entries(calls))("client %s: hooks reject", async (_kind, call) => {
    const { address } = await startEcho({ handlers: echo });
    for (const direction of ["onRequest", "onResponse"] as const) {
      const reject: ClientInterceptor = async (context, next) => {
        context[direction](() => {
          const error = new GrpcError("DATA_LOSS", direction);
          if (pause) return Promise.reject(error);
          throw error;
        });
        await next();
      };
      const client = connect(address, { interceptors: [reject] });
      expect(await failure(call(client))).toMatchObject({
        code: "DATA_LOSS",
        rawMessage: direction,
      });
    }
  });
});

test("hooks see complete messages in the order of the stream", async () => {
  const seen: string[] = [];
  const observe: ServerInterceptor = async (call, next) => {
    call.onRequest((message) => {
      seen.push(`${message.$typeName} ${textOf(message)}`);
    });
    call.onResponse((message) => {
      seen.push(`${message.$typeName} ${textOf(message)}`);
    });
    await next();
  };
  const { client } = await startEcho({
    handlers: {
      ...echo,
      bidi: async function* (requests) {
        for await (const { text } of requests) yield { text: `re: ${text}` };
      },
    },
    interceptors: [observe],
  });
  await collect(client.bidi([{ text: "1" }, { text: "2" }, { text: "3" }]));
  expect(seen.filter((line) => line.includes("Request"))).toEqual(
    [1, 2, 3].map((number) => `runtime.test.EchoRequest ${number}`),
  );
  expect(seen.filter((line) => line.includes("Reply"))).toEqual(
    [1, 2, 3].map((number) => `runtime.test.EchoReply re: ${number}`),
  );
});
