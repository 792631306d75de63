import { describe, expect, test } from "vitest";
import { createContextKey, GrpcError, type ServerInterceptor } from "../../../runtime/src/index.ts";
import { drivers } from "../support/drivers.ts";
import { failure, signpost, startEcho } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import {
  call,
  handlersLogging,
  type Kind,
  kinds,
  refusing,
  request,
  response,
  tracing,
} from "./tracing.ts";

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
