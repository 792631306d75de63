import { describe, expect, test } from "vitest";
import { GrpcError, type ServerInterceptor } from "../../templates/runtime/index.ts";
import type { EchoHandlers } from "./gen/echo_grpc.ts";
import { drivers } from "./support/drivers.ts";
import { type EchoFixture, failure, startEcho } from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

const secret = "password=hunter2";

/** Calls whichever method the handlers are for. */
function callEach(client: EchoFixture["client"], name: string): Promise<unknown> {
  const requests = [{ text: "a" }, { text: "b" }, { text: "c" }];
  const calls: Record<string, () => Promise<unknown>> = {
    unary: () => failure(client.unary({})),
    serverStream: () => failure(client.serverStream({})),
    clientStream: () => failure(client.clientStream(requests)),
    bidi: () => failure(client.bidi(requests)),
  };
  return calls[name]?.() ?? Promise.reject(new Error(`no method ${name}`));
}

/** Handlers that TypeScript would refuse. */
function wrong(handlers: Record<string, unknown>): Partial<EchoHandlers> {
  return handlers as Partial<EchoHandlers>;
}

const bug = () => new Error(secret);
const unencodable = { number: 2 ** 40 };

const broken: Record<string, Partial<EchoHandlers>> = {
  "throws synchronously": wrong({
    unary: () => {
      throw bug();
    },
    serverStream: () => {
      throw bug();
    },
    clientStream: () => {
      throw bug();
    },
    bidi: () => {
      throw bug();
    },
  }),
  rejects: wrong({
    unary: () => Promise.reject(bug()),
    serverStream: () => Promise.reject(bug()),
    clientStream: () => Promise.reject(bug()),
    bidi: () => Promise.reject(bug()),
  }),
  "throws what is no error": wrong({
    unary: async () => {
      throw secret;
    },
    serverStream: async function* () {
      yield {};
      throw undefined;
    },
    clientStream: async () => {
      throw null;
    },
    bidi: async function* () {
      yield {};
      throw { secret };
    },
  }),
  "answers nothing": wrong({
    unary: async () => undefined,
    serverStream: () => undefined,
    clientStream: async () => null,
    bidi: async function* () {
      yield undefined;
    },
  }),
  "answers with something else": wrong({
    unary: async () => 42,
    serverStream: () => 42,
    clientStream: async () => "text",
    bidi: async function* () {
      yield "text";
    },
  }),
  "answers what cannot be encoded": wrong({
    unary: async () => unencodable,
    serverStream: async function* () {
      yield unencodable;
    },
    clientStream: async () => unencodable,
    bidi: async function* () {
      yield {};
      yield unencodable;
    },
  }),
  "throws in the middle": wrong({
    serverStream: async function* () {
      yield {};
      yield {};
      throw bug();
    },
    clientStream: async (requests: AsyncIterable<unknown>) => {
      for await (const _request of requests) throw bug();
    },
    bidi: async function* (requests: AsyncIterable<unknown>) {
      for await (const _request of requests) {
        yield {};
        throw bug();
      }
    },
  }),
  "throws at the end": wrong({
    serverStream: async function* () {
      for (let index = 0; index < 100; index += 1) yield {};
      throw bug();
    },
    clientStream: async (requests: AsyncIterable<unknown>) => {
      for await (const _request of requests);
      throw bug();
    },
    bidi: async function* (requests: AsyncIterable<unknown>) {
      for await (const _request of requests) yield {};
      throw bug();
    },
  }),
  "throws in finally": wrong({
    serverStream: async function* () {
      try {
        yield {};
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is the failure.
        throw bug();
      }
    },
    bidi: function* () {
      try {
        yield {};
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is the failure.
        throw bug();
      }
    },
  }),
  "has an iterator that throws": wrong({
    serverStream: () => ({
      [Symbol.asyncIterator]: () => {
        throw bug();
      },
    }),
    bidi: () => ({
      [Symbol.iterator]: () => ({
        next: () => {
          throw bug();
        },
      }),
    }),
  }),
};

const badInterceptors: Record<string, ServerInterceptor> = {
  "throws synchronously": () => {
    throw bug();
  },
  "throws before": async () => {
    throw bug();
  },
  "throws after": async (_call, next) => {
    await next();
    throw bug();
  },
  "never calls next": async () => {},
  "calls next twice": async (_call, next) => {
    await next();
    await next();
  },
  "calls next twice at once and waits for none": async (_call, next) => {
    void next();
    void next();
  },
  "returns no promise": (() => undefined) as unknown as ServerInterceptor,
  "throws while the handler runs": async (_call, next) => {
    void next();
    throw bug();
  },
  "sets a reserved header": async (call) => {
    call.setHeader("connection", "close");
  },
  "throws in a request hook": async (call, next) => {
    call.onRequest(() => {
      throw bug();
    });
    await next();
  },
  "rejects in a request hook": async (call, next) => {
    call.onRequest(async () => {
      throw bug();
    });
    await next();
  },
  "throws in a response hook": async (call, next) => {
    call.onResponse(() => {
      throw bug();
    });
    await next();
  },
  "rejects in a response hook": async (call, next) => {
    call.onResponse(() => Promise.reject(bug()));
    await next();
  },
  "replaces a message by another type": async (call, next) => {
    call.onResponse((message) => ({ ...message, $typeName: "runtime.test.EchoRequest" }));
    await next();
  },
};

const good: EchoHandlers = {
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
const kinds = ["unary", "serverStream", "clientStream", "bidi"] as const;

describe.each(drivers)("$name", (driver) => {
  describe.each(Object.entries(broken))("a handler that %s", (_mode, handlers) => {
    test.each(Object.keys(handlers))("%s", async (name) => {
      const { client, errors } = await startEcho({ handlers }, driver);
      // Twice: the first one must not have broken anything.
      for (const reports of [1, 2]) {
        expect(await callEach(client, name)).toMatchObject({
          name: "GrpcError",
          code: "INTERNAL",
          rawMessage: "internal error",
          details: [],
        });
        expect(errors).toHaveLength(reports);
      }
    });
  });

  describe.each(Object.entries(badInterceptors))("an interceptor that %s", (_mode, interceptor) => {
    test.each(kinds)("%s", async (name) => {
      const options = { handlers: good, interceptors: [interceptor] };
      const { client, errors } = await startEcho(options, driver);
      for (const reports of [1, 2]) {
        expect(await callEach(client, name)).toMatchObject({
          code: "INTERNAL",
          rawMessage: "internal error",
        });
        expect(errors).toHaveLength(reports);
      }
    });
  });

  test.each([
    () => {
      throw bug();
    },
    async () => {
      throw bug();
    },
  ])("onError may fail itself", async (onError) => {
    const { client } = await startEcho({ handlers: broken.rejects ?? {}, onError }, driver);
    for (const name of kinds) {
      expect(await callEach(client, name)).toMatchObject({ code: "INTERNAL" });
    }
  });

  test("onError is told of the error itself, not of statuses that were meant", async () => {
    const cause = bug();
    const told: unknown[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          unary: async ({ text }) => {
            throw text === "meant" ? new GrpcError("ABORTED", "meant", { cause }) : cause;
          },
        },
        onError: (error, call) => told.push([error, call.method.name]),
      },
      driver,
    );
    expect(await failure(client.unary({ text: "meant" }))).toMatchObject({ code: "ABORTED" });
    expect(told).toEqual([]);
    await failure(client.unary({}));
    expect(told).toEqual([[cause, "Unary"]]);
  });

  test("statuses of grpc-js and aborts keep their code", async () => {
    const { client, errors } = await startEcho(
      {
        handlers: {
          unary: async ({ text }) => {
            if (text === "abort") AbortSignal.abort().throwIfAborted();
            throw Object.assign(new Error("7 PERMISSION_DENIED: no"), { code: 7, details: "no" });
          },
        },
      },
      driver,
    );
    expect(await failure(client.unary({}))).toMatchObject({
      code: "PERMISSION_DENIED",
      rawMessage: "no",
    });
    expect(await failure(client.unary({ text: "abort" }))).toMatchObject({ code: "CANCELLED" });
    expect(errors).toEqual([]);
  });

  test("a failure that an interceptor swallows stays a failure", async () => {
    const swallow: ServerInterceptor = async (_call, next) => {
      await next().catch(() => {});
    };
    const handlers: EchoHandlers = {
      unary: () => Promise.reject(new GrpcError("ABORTED", "x")),
      serverStream: async function* () {
        yield {};
        throw new GrpcError("ABORTED", "x");
      },
      clientStream: () => Promise.reject(new GrpcError("ABORTED", "x")),
      bidi: async function* () {
        yield {};
        throw new GrpcError("ABORTED", "x");
      },
    };
    const { client } = await startEcho({ handlers, interceptors: [swallow] }, driver);
    for (const name of kinds) {
      expect(await callEach(client, name)).toMatchObject({ code: "ABORTED" });
    }
  });

  test("a refused request ends the call although the handler catches the error", async () => {
    const refuse: ServerInterceptor = async (call, next) => {
      call.onRequest(() => {
        throw new GrpcError("INVALID_ARGUMENT", "refused");
      });
      await next();
    };
    const handlers: Partial<EchoHandlers> = {
      clientStream: async (requests) => {
        try {
          for await (const _request of requests);
        } catch {}
        return {};
      },
      bidi: async function* (requests) {
        try {
          for await (const _request of requests);
        } catch {}
        yield {};
      },
    };
    const { client } = await startEcho({ handlers, interceptors: [refuse] }, driver);
    for (const name of ["clientStream", "bidi"]) {
      expect(await callEach(client, name)).toMatchObject({ code: "INVALID_ARGUMENT" });
    }
  });

  test.each([
    ["Unary", 0, "12"],
    ["Unary", 2, "12"],
    ["ServerStream", 0, "12"],
    ["ServerStream", 3, "12"],
  ])("%s with %i requests is refused", async (method, count, status) => {
    const { port } = await startEcho({ handlers: good }, driver);
    const call = rawCall(port, `/runtime.test.Echo/${method}`);
    for (let index = 0; index < count; index += 1) call.send(Buffer.alloc(0));
    call.end();
    expect((await call.outcome).trailers["grpc-status"]).toBe(status);
  });

  test.each(["Unary", "ServerStream", "ClientStream", "Bidi"])(
    "%s with bytes that are no message",
    async (method) => {
      const { port, errors } = await startEcho({ handlers: good }, driver);
      const call = rawCall(port, `/runtime.test.Echo/${method}`);
      call.send(Buffer.from([0xff, 0xff, 0xff]));
      call.end();
      expect((await call.outcome).trailers["grpc-status"]).toBe("13");
      expect(errors).toEqual([]);
    },
  );
});
