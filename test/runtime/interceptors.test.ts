import { describe, expect, test } from "vitest";
import {
  type ClientInterceptor,
  createContextKey,
  GrpcError,
  type Interceptor,
  type ServerInterceptor,
} from "../../templates/runtime/index.ts";
import type { EchoHandlers } from "./gen/echo_grpc.ts";
import { drivers } from "./support/drivers.ts";
import {
  collect,
  connect,
  type EchoFixture,
  failure,
  signpost,
  startEcho,
} from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

const kinds = ["unary", "serverStream", "clientStream", "bidi"] as const;
type Kind = (typeof kinds)[number];

/** Writes down what an interceptor called `name` sees. */
function tracing<C extends Parameters<ServerInterceptor>[0] | Parameters<ClientInterceptor>[0]>(
  log: string[],
  name: string,
): Interceptor<C> {
  return async (call, next) => {
    log.push(`${name} before`);
    call.onRequest(() => {
      log.push(`${name} request`);
    });
    call.onResponse(() => {
      log.push(`${name} response`);
    });
    try {
      await next();
      log.push(`${name} OK`);
    } catch (error) {
      log.push(`${name} ${GrpcError.from(error).code}`);
      throw error;
    }
  };
}

function refusing(where: "before" | "after"): Interceptor<unknown> {
  return async (_call, next) => {
    if (where === "after") await next();
    throw new GrpcError("PERMISSION_DENIED", "refused");
  };
}

function handlersLogging(log: string[], error?: GrpcError): EchoHandlers {
  const enter = () => {
    log.push("handler");
    if (error !== undefined) throw error;
  };
  return {
    unary: async () => {
      enter();
      return {};
    },
    serverStream: async function* () {
      enter();
      yield {};
      yield {};
    },
    clientStream: async (requests) => {
      enter();
      for await (const _request of requests);
      return {};
    },
    bidi: async function* (requests) {
      enter();
      for await (const _request of requests) yield {};
    },
  };
}

function call(client: EchoFixture["client"], kind: Kind): Promise<unknown> {
  // One request at a time, so that requests and responses take turns in the log.
  const requests = [{}];
  switch (kind) {
    case "unary":
      return client.unary({});
    case "serverStream":
      return collect(client.serverStream({}));
    case "clientStream":
      return client.clientStream(requests);
    case "bidi":
      return collect(client.bidi(requests));
  }
}

const request = ["A request", "B request"];
const response = ["B response", "A response"];
const orders: Record<Kind, string[]> = {
  unary: [...request, "handler", ...response],
  serverStream: [...request, "handler", ...response, ...response],
  clientStream: ["handler", ...request],
  bidi: ["handler", ...request, ...response],
};
orders.clientStream.push(...response);

describe.each(drivers)("$name", (driver) => {
  test.each(kinds)("%s: the order of a call that succeeds", async (kind) => {
    const log: string[] = [];
    const interceptors = [tracing(log, "A"), tracing(log, "B")] as ServerInterceptor[];
    const { client } = await startEcho({ handlers: handlersLogging(log), interceptors }, driver);
    await call(client, kind);
    expect(log).toEqual(["A before", "B before", ...orders[kind], "B OK", "A OK"]);
  });

  test.each(kinds)("%s: the order when the handler fails", async (kind) => {
    const log: string[] = [];
    const handlers = handlersLogging(log, new GrpcError("NOT_FOUND", "none"));
    const interceptors = [tracing(log, "A"), tracing(log, "B")] as ServerInterceptor[];
    const { client } = await startEcho({ handlers, interceptors }, driver);
    expect(await failure(call(client, kind))).toMatchObject({ code: "NOT_FOUND" });
    expect(log.filter((line) => !line.endsWith("request"))).toEqual([
      "A before",
      "B before",
      "handler",
      "B NOT_FOUND",
      "A NOT_FOUND",
    ]);
  });

  test.each(kinds)("%s: refusals at each layer", async (kind) => {
    for (const position of [0, 1, 2]) {
      const log: string[] = [];
      const interceptors = [tracing(log, "A"), tracing(log, "B")] as ServerInterceptor[];
      interceptors.splice(position, 0, refusing("before"));
      const { client } = await startEcho({ handlers: handlersLogging(log), interceptors }, driver);
      expect(await failure(call(client, kind))).toMatchObject({ code: "PERMISSION_DENIED" });
      const inside = ["A", "B"].slice(0, position);
      expect(log).toEqual([
        ...inside.map((name) => `${name} before`),
        ...inside.reverse().map((name) => `${name} PERMISSION_DENIED`),
      ]);
    }
  });

  test.each(kinds)("%s: a refusal after the handler", async (kind) => {
    const log: string[] = [];
    const interceptors = [tracing(log, "A"), refusing("after")] as ServerInterceptor[];
    const { client } = await startEcho({ handlers: handlersLogging(log), interceptors }, driver);
    expect(await failure(call(client, kind))).toMatchObject({ code: "PERMISSION_DENIED" });
    expect(log.at(-1)).toBe("A PERMISSION_DENIED");
    expect(log).toContain("handler");
  });

  test("a cancelled call still leaves through every layer", async () => {
    const log: string[] = [];
    const left = signpost();
    const started = signpost();
    const outermost: ServerInterceptor = async (_call, next) => {
      await next().finally(() => left.reach());
    };
    const { port } = await startEcho(
      {
        handlers: {
          bidi: async function* (requests) {
            started.reach();
            yield {};
            for await (const _request of requests);
          },
        },
        interceptors: [outermost, tracing(log, "A"), tracing(log, "B")] as ServerInterceptor[],
      },
      driver,
    );
    const cancelled = rawCall(port, "/runtime.test.Echo/Bidi");
    await started.reached;
    cancelled.session.destroy();
    await left.reached;
    expect(log.filter((line) => !line.endsWith("response"))).toEqual([
      "A before",
      "B before",
      "B CANCELLED",
      "A CANCELLED",
    ]);
  });

  test("an interceptor may replace one failure by another", async () => {
    const translate: ServerInterceptor = async (_call, next) => {
      try {
        await next();
      } catch (cause) {
        throw new GrpcError("FAILED_PRECONDITION", "translated", { cause });
      }
    };
    const handlers = handlersLogging([], new GrpcError("NOT_FOUND", "none"));
    const { client, errors } = await startEcho({ handlers, interceptors: [translate] }, driver);
    expect(await failure(client.unary({}))).toMatchObject({
      code: "FAILED_PRECONDITION",
      rawMessage: "translated",
    });
    expect(errors).toEqual([]);
  });

  test("handlers see what interceptors have set", async () => {
    const user = createContextKey("user", "nobody");
    const unset = createContextKey("user", "default");
    const authenticate: ServerInterceptor = async (context, next) => {
      context.requestId = "r-1";
      context.set(user, "홍길동");
      await next();
    };
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, context) => ({
            text: [context.requestId, context.get(user), context.get(unset)].join(" "),
          }),
        },
        interceptors: [authenticate],
      },
      driver,
    );
    expect((await client.unary({})).text).toBe("r-1 홍길동 default");
  });

  test("calls know their method, peer and metadata", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, { method, metadata, peer }) => ({
            text: [
              method.service,
              method.name,
              method.kind,
              method.path,
              method.descriptor.localName,
              metadata.get("x-id").join(),
              /^127\.0\.0\.1:\d+$/.test(peer),
            ].join(" "),
          }),
        },
      },
      driver,
    );
    expect((await client.unary({}, { metadata: { "x-id": "7" } })).text).toBe(
      "runtime.test.Echo Unary unary /runtime.test.Echo/Unary unary 7 true",
    );
  });
});

describe("client", () => {
  test.each(kinds)("%s: the order of a call that succeeds", async (kind) => {
    const log: string[] = [];
    const { address } = await startEcho({ handlers: handlersLogging([]) });
    const interceptors = [tracing(log, "A"), tracing(log, "B")] as ClientInterceptor[];
    await call(connect(address, { interceptors }), kind);
    const responses = kind === "serverStream" ? [...response, ...response] : response;
    expect(log).toEqual(["A before", "B before", ...request, ...responses, "B OK", "A OK"]);
  });

  test.each(kinds)("%s: refusals at each layer", async (kind) => {
    let arrived = 0;
    const count: ServerInterceptor = async (_call, next) => {
      arrived += 1;
      await next();
    };
    const { address } = await startEcho({ handlers: handlersLogging([]), interceptors: [count] });
    for (const position of [0, 1, 2]) {
      const log: string[] = [];
      const interceptors = [tracing(log, "A"), tracing(log, "B")] as ClientInterceptor[];
      interceptors.splice(position, 0, refusing("before"));
      const client = connect(address, { interceptors });
      expect(await failure(call(client, kind))).toMatchObject({ code: "PERMISSION_DENIED" });
      const inside = ["A", "B"].slice(0, position);
      expect(log).toEqual([
        ...inside.map((name) => `${name} before`),
        ...inside.reverse().map((name) => `${name} PERMISSION_DENIED`),
      ]);
    }
    expect(arrived).toBe(0);
  });

  test.each(kinds)("%s: failures of every kind are GrpcErrors", async (kind) => {
    const { address } = await startEcho({ handlers: handlersLogging([]) });
    const bad: ClientInterceptor[] = [
      () => {
        throw new Error("bug");
      },
      async () => {},
      async (_call, next) => {
        await next();
        await next();
      },
      async (_call, next) => {
        void next();
        throw new Error("bug");
      },
      async (context, next) => {
        context.onRequest(() => {
          throw new Error("bug");
        });
        await next();
      },
      async (context, next) => {
        context.onResponse(() => Promise.reject(new Error("bug")));
        await next();
      },
      async (context, next) => {
        context.metadata.set("connection", "close");
        await next();
      },
    ];
    for (const interceptor of bad) {
      const client = connect(address, { interceptors: [interceptor] });
      expect(await failure(call(client, kind))).toMatchObject({
        name: "GrpcError",
        code: "INTERNAL",
      });
    }
  });

  test("interceptors see header, trailer, peer and deadline", async () => {
    const seen: unknown[] = [];
    const look: ClientInterceptor = async (context, next) => {
      context.metadata.set("x-from", "interceptor");
      seen.push(context.header, context.trailer, context.deadline instanceof Date, context.peer);
      await next();
      seen.push(context.header?.get("x-header"), context.trailer?.get("x-trailer"), context.peer);
    };
    const { address } = await startEcho({
      handlers: {
        unary: async (_request, context) => {
          context.setHeader("x-header", context.metadata.get("x-from").join());
          context.setTrailer("x-trailer", "t");
          return {};
        },
      },
    });
    await connect(address, { interceptors: [look] }).unary({});
    const before = [undefined, undefined, true, "unknown"];
    expect(seen).toEqual([...before, ["interceptor"], ["t"], address]);
  });

  test("an interceptor that gives up ends the call on the server", async () => {
    const ended = signpost<unknown>();
    const { address } = await startEcho({
      handlers: {
        unary: (_request, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              ended.reach(signal.reason);
              reject(signal.reason);
            });
          }),
      },
    });
    const hurry: ClientInterceptor = async (_call, next) => {
      await Promise.race([next(), new Promise((resolve) => setTimeout(resolve, 50))]);
      throw new GrpcError("ABORTED", "in a hurry");
    };
    const client = connect(address, { interceptors: [hurry] });
    expect(await failure(client.unary({}))).toMatchObject({ code: "ABORTED" });
    expect(await ended.reached).toMatchObject({ code: "CANCELLED" });
  });
});
