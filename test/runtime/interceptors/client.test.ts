import { describe, expect, test } from "vitest";
import {
  type ClientInterceptor,
  GrpcError,
  type ServerInterceptor,
} from "../../../runtime/src/index.ts";
import { connect, failure, signpost, startEcho } from "../support/echo.ts";
import { call, handlersLogging, kinds, refusing, request, response, tracing } from "./tracing.ts";

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

  test("an interceptor that throws ends the call on the server", async () => {
    const started = signpost();
    const ended = signpost<unknown>();
    const { address } = await startEcho({
      handlers: {
        unary: (_request, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              ended.reach(signal.reason);
              reject(signal.reason);
            });
            started.reach();
          }),
      },
    });
    const hurry: ClientInterceptor = async (_call, next) => {
      await Promise.race([next(), started.reached]);
      throw new GrpcError("ABORTED", "in a hurry");
    };
    const client = connect(address, { interceptors: [hurry] });
    expect(await failure(client.unary({}))).toMatchObject({ code: "ABORTED" });
    expect(await ended.reached).toMatchObject({ code: "CANCELLED" });
  });
});
