import * as grpc from "@grpc/grpc-js";
import { describe, expect, test, vi } from "vitest";
import { type ClientInterceptor, GrpcError } from "../../../runtime/src/index.ts";
import { cleanUp, collect, connect, failure, settled, startEcho } from "../support/echo.ts";
import { callOf, kinds } from "./support/calls.ts";

const handlers = {
  unary: async ({ text }: { text: string }) => ({ text }),
  serverStream: async function* ({ text }: { text: string }) {
    yield { text };
  },
  clientStream: async (requests: AsyncIterable<{ text: string }>) => {
    let text = "";
    for await (const request of requests) text += request.text;
    return { text };
  },
  bidi: async function* (requests: AsyncIterable<{ text: string }>) {
    for await (const { text } of requests) yield { text };
  },
};

// A server needs timers of its own for streams of requests.
const answered = ["unary", "serverStream"] as const;

test.each(answered)("%s: a call that has ended is not aborted at its deadline", async (kind) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  cleanUp(() => void vi.useRealTimers());
  const signals: AbortSignal[] = [];
  const note: ClientInterceptor = async ({ signal }, next) => {
    signals.push(signal);
    await next();
  };
  const { client } = await startEcho({ handlers }, undefined, { interceptors: [note] });
  await callOf(client, kind, { timeoutMs: 10_000 });
  vi.advanceTimersByTime(20_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

test("interceptors chosen by method: the choice is made once, when the client is made", async () => {
  const asked: string[] = [];
  const ran: string[] = [];
  const note: ClientInterceptor = async ({ method }, next) => {
    ran.push(method.name);
    await next();
  };
  const { client } = await startEcho({ handlers }, undefined, {
    interceptors: (method) => {
      asked.push(method.name);
      return method.kind === "unary" ? [note] : [];
    },
  });
  expect(asked).toEqual(["Unary", "ServerStream", "ClientStream", "Bidi"]);
  for (const kind of kinds) await callOf(client, kind);
  await client.unary({});
  expect(ran).toEqual(["Unary", "Unary"]);
  expect(asked).toHaveLength(4);
});

describe("interceptors of grpc-js", () => {
  /** Notes what passes, in the order it does. */
  const noting = (name: string, notes: string[]): grpc.Interceptor => {
    return (options, nextCall) =>
      new grpc.InterceptingCall(nextCall(options), {
        start: (metadata, _listener, next) => {
          notes.push(`${name} ${options.method_definition.path.split("/")[2]}`);
          metadata.set(`x-${name}`, "1");
          next(metadata, {
            onReceiveMessage: (message, deliver) => {
              notes.push(`${name} < ${message.text}`);
              deliver({ ...message, text: `${message.text}${name}` });
            },
            onReceiveStatus: (status, deliver) => {
              notes.push(`${name} ${status.code}`);
              deliver(status);
            },
          });
        },
        sendMessage: (message, next) => {
          notes.push(`${name} > ${message.text}`);
          next({ ...message, text: `${message.text}${name}` });
        },
      });
  };

  test("see messages, outermost first, and may change them", async () => {
    const notes: string[] = [];
    const { client } = await startEcho({ handlers }, undefined, {
      nativeInterceptors: [noting("a", notes), noting("b", notes)],
    });
    expect((await client.unary({ text: "-" })).text).toBe("-abba");
    const way = ["a > -", "b > -a", "b < -ab", "a < -abb", "b 0", "a 0"];
    expect(notes).toEqual(["a Unary", "b Unary", ...way]);
    const replies = await collect(client.bidi([{ text: "1" }, { text: "2" }]));
    expect(replies.map(({ text }) => text)).toEqual(["1abba", "2abba"]);
  });

  test("send metadata, together with our own interceptors", async () => {
    const seen: unknown[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, { metadata }) => {
            seen.push(metadata.get("x-a"), metadata.get("x-own"));
            return {};
          },
        },
      },
      undefined,
      {
        interceptors: [
          async ({ metadata }, next) => {
            metadata.set("x-own", "2");
            await next();
          },
        ],
        nativeInterceptors: [noting("a", [])],
      },
    );
    await client.unary({});
    expect(seen).toEqual([["1"], ["2"]]);
  });

  test("may answer without a call", async () => {
    const cached: grpc.Interceptor = (options, nextCall) =>
      new grpc.InterceptingCall(nextCall(options), {
        start: (_metadata, listener, _next) => {
          const reply = { $typeName: "runtime.test.EchoReply", text: "cached" };
          listener.onReceiveMetadata(new grpc.Metadata());
          listener.onReceiveMessage(reply);
          listener.onReceiveStatus({ code: 0, details: "", metadata: new grpc.Metadata() });
        },
        sendMessage: () => {},
        halfClose: () => {},
      });
    const { client } = await startEcho({}, undefined, { nativeInterceptors: [cached] });
    expect((await client.unary({})).text).toBe("cached");
  });

  test("may call again", async () => {
    let arrived = 0;
    const retrying: grpc.Interceptor = (options, nextCall) => {
      let sent: unknown;
      return new grpc.InterceptingCall(nextCall(options), {
        start: (metadata, _listener, next) => {
          let deliverMessage: (message: unknown) => void = () => {};
          next(metadata, {
            onReceiveMessage: (_message, deliver) => {
              deliverMessage = deliver;
            },
            onReceiveStatus: (_status, deliver) => {
              const again = nextCall(options);
              again.start(metadata, {
                onReceiveMessage: (message) => deliverMessage(message),
                onReceiveStatus: deliver,
              });
              again.sendMessage(sent);
              again.halfClose();
            },
          });
        },
        sendMessage: (message, next) => {
          sent = message;
          next(message);
        },
      });
    };
    const { client } = await startEcho(
      {
        handlers: {
          unary: async ({ text }) => {
            arrived += 1;
            if (arrived === 1) throw new GrpcError("INTERNAL", "first");
            return { text };
          },
        },
      },
      undefined,
      { nativeInterceptors: [retrying] },
    );
    expect((await client.unary({ text: "again" })).text).toBe("again");
    expect(arrived).toBe(2);
  });

  const phases = {
    "when made": () => {
      throw new Error("bug");
    },
    start: broken({ start: bug }),
    sendMessage: broken({ sendMessage: bug }),
    halfClose: broken({ halfClose: bug }),
    onReceiveMetadata: listening({ onReceiveMetadata: bug }),
    onReceiveMessage: listening({ onReceiveMessage: bug }),
    onReceiveStatus: listening({ onReceiveStatus: bug }),
  } satisfies Record<string, grpc.Interceptor>;

  describe.each(Object.entries(phases))("that throw: %s", (_phase, interceptor) => {
    test.each(kinds)("%s", async (kind) => {
      let open = 0;
      const { address } = await startEcho({
        handlers,
        interceptors: [
          async ({ signal }, next) => {
            open += 1;
            signal.addEventListener("abort", () => {
              open -= 1;
            });
            await next();
            open -= 1;
          },
        ],
      });
      const client = connect(address, { nativeInterceptors: [interceptor] });
      const error = await failure(callOf(client, kind));
      expect(error).toMatchObject({ code: "INTERNAL", rawMessage: "internal error" });
      expect(error).toHaveProperty("cause.message", "bug");
      expect(await settled(() => open)).toBe(0);
    });
  });

  test("that throw when a call is cancelled", async () => {
    const { client } = await startEcho(
      { handlers: { unary: () => new Promise(() => {}) } },
      undefined,
      { nativeInterceptors: [broken({ cancel: bug })] },
    );
    const call = client.unary({}, { signal: AbortSignal.timeout(20) });
    expect(await failure(call)).toMatchObject({ code: "INTERNAL" });
  });
});

function bug(): never {
  throw new Error("bug");
}

function broken(requester: grpc.Requester): grpc.Interceptor {
  return (options, nextCall) => new grpc.InterceptingCall(nextCall(options), requester);
}

function listening(listener: grpc.Listener): grpc.Interceptor {
  return broken({ start: (metadata, _listener, next) => next(metadata, listener) });
}
