import { setTimeout } from "node:timers/promises";
import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { BadRequestSchema } from "../../../runtime/src/error-details.ts";
import { GrpcError, type ServerInterceptor } from "../../../runtime/src/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { drivers } from "../support/drivers.ts";
import { cleanUp, collect, failure, startEcho } from "../support/echo.ts";
import { callEach, kinds, secret } from "./calls.ts";
import { doing, startUpstream, watching } from "./upstream.ts";

describe.each(drivers)("$name", (driver) => {
  describe.each(kinds)("%s", (kind) => {
    test.each(["UNAUTHENTICATED", "NOT_FOUND", "CANCELLED", "UNIMPLEMENTED"] as const)(
      "%s of another server is INTERNAL here, and reported",
      async (code) => {
        const { client: upstream } = await startUpstream(code);
        for (const upstreamKind of kinds) {
          const handlers = doing(async () => {
            throw await callEach(upstream, upstreamKind);
          });
          const seen: unknown[] = [];
          const interceptors = [watching(seen)];
          const { client, errors } = await startEcho({ handlers, interceptors }, driver);
          const error = await callEach(client, kind);
          expect(error).toMatchObject({
            code: "INTERNAL",
            rawMessage: "internal error",
            details: [],
          });
          expect(JSON.stringify(error)).not.toContain(secret);
          expect(seen).toEqual(["INTERNAL"]);
          expect(errors).toMatchObject([{ cause: { code, rawMessage: secret } }]);
        }
      },
    );

    test.each([
      ["UNAVAILABLE", "a service behind this one is unavailable"],
      ["DEADLINE_EXCEEDED", "a service behind this one took too long"],
    ] as const)("%s stays, with a text of ours and the cause", async (code, rawMessage) => {
      const { client: upstream } = await startUpstream(code);
      const seen: unknown[] = [];
      const keep: ServerInterceptor = (_call, next) =>
        next().catch((error: unknown) => {
          seen.push(error);
          throw error;
        });
      const handlers = doing(() => upstream.unary({}));
      const { client, errors } = await startEcho({ handlers, interceptors: [keep] }, driver);
      const error = await callEach(client, kind);
      expect(error).toMatchObject({ code, rawMessage, details: [] });
      expect(JSON.stringify(error)).not.toContain(secret);
      expect(seen).toMatchObject([{ code, rawMessage, cause: { code, rawMessage: secret } }]);
      expect(errors).toEqual([]);
    });

    test("it is INTERNAL too as the reason of a signal that ends a wait", async () => {
      const { client: upstream } = await startUpstream("NOT_FOUND");
      const handlers = doing(async () => {
        const signal = AbortSignal.abort(await callEach(upstream, "unary"));
        await setTimeout(60_000, undefined, { signal });
      });
      const { client, errors } = await startEcho({ handlers }, driver);
      const error = await callEach(client, kind);
      expect(error).toMatchObject({ code: "INTERNAL", rawMessage: "internal error", details: [] });
      expect(JSON.stringify(error)).not.toContain(secret);
      expect(errors).toHaveLength(1);
    });

    test("it is CANCELLED when our own caller has left", async () => {
      const { client: upstream } = await startEcho({
        handlers: { unary: () => new Promise(() => {}) },
      });
      const leave = new AbortController();
      const seen: unknown[] = [];
      const handlers = doing(async ({ signal }) => {
        const reply = upstream.unary({}, { signal });
        leave.abort();
        await reply;
      });
      const interceptors = [watching(seen)];
      const { client, errors } = await startEcho({ handlers, interceptors }, driver);
      const options = { signal: leave.signal };
      const calls = {
        unary: () => client.unary({}, options),
        serverStream: () => client.serverStream({}, options),
        clientStream: () => client.clientStream([{}], options),
        bidi: () => client.bidi([{}], options),
      };
      expect(await failure(calls[kind]())).toMatchObject({ code: "CANCELLED" });
      await expect.poll(() => seen).toEqual(["CANCELLED"]);
      expect(errors).toEqual([]);
    });

    test("a status that the handler throws itself is sent", async () => {
      const { client: upstream } = await startUpstream("NOT_FOUND");
      const handlers = doing(async () => {
        const error = GrpcError.from(await failure(upstream.unary({})));
        throw new GrpcError(error.code, error.rawMessage, { details: error.details });
      });
      const { client, errors } = await startEcho({ handlers }, driver);
      const error = GrpcError.from(await callEach(client, kind));
      expect(error).toMatchObject({ code: "NOT_FOUND", rawMessage: secret });
      expect(error.findDetails(BadRequestSchema)).toHaveLength(1);
      expect(error.metadata.get("x-secret")).toEqual([]);
      expect(errors).toEqual([]);
    });

    test("a failure that an interceptor has received is treated alike", async () => {
      const { client: upstream } = await startUpstream("UNAUTHENTICATED");
      const seen: unknown[] = [];
      const asking: ServerInterceptor = async (_call, next) => {
        await upstream.unary({});
        await next();
      };
      const interceptors = [watching(seen), asking];
      const { client, errors } = await startEcho({ handlers: {}, interceptors }, driver);
      expect(await callEach(client, kind)).toMatchObject({ code: "INTERNAL" });
      expect(seen).toEqual(["INTERNAL"]);
      expect(errors).toMatchObject([{ cause: { code: "UNAUTHENTICATED" } }]);
    });

    test("a failure that a hook has received is treated alike", async () => {
      const { client: upstream } = await startUpstream("UNAUTHENTICATED");
      const asking: ServerInterceptor = async (call, next) => {
        call.onRequest(async () => void (await upstream.unary({})));
        await next();
      };
      const handlers: EchoHandlers = {
        ...doing(async () => {}),
        clientStream: async (requests) => {
          await collect(requests);
          return {};
        },
        bidi: async function* (requests) {
          for await (const _request of requests) yield {};
        },
      };
      const { client, errors } = await startEcho({ handlers, interceptors: [asking] }, driver);
      expect(await callEach(client, kind)).toMatchObject({ code: "INTERNAL" });
      expect(errors).toMatchObject([{ cause: { code: "UNAUTHENTICATED" } }]);
    });
  });

  test("a failure of grpc-js' own clients is treated alike", async () => {
    const { address } = await startUpstream("PERMISSION_DENIED");
    const Native = makeGenericClientConstructor(echoDefinition, "Echo");
    const native = new Native(address, credentials.createInsecure());
    cleanUp(() => native.close());
    const handlers = doing(
      () =>
        new Promise((resolve, reject) => {
          native.makeUnaryRequest(
            echoDefinition.unary.path,
            () => Buffer.alloc(0),
            (bytes: Buffer) => bytes,
            {},
            (error, reply) => (error === null ? resolve(reply) : reject(error)),
          );
        }),
    );
    const { client, errors } = await startEcho({ handlers }, driver);
    expect(await callEach(client, "unary")).toMatchObject({ code: "INTERNAL" });
    expect(errors).toMatchObject([{ cause: { code: 7, details: secret } }]);
  });

  test("an error that a handler throws while it produces requests is passed on unchanged", async () => {
    const { client: upstream } = await startEcho({
      handlers: {
        clientStream: async (requests) => {
          await collect(requests);
          return {};
        },
      },
    });
    const handlers: Partial<EchoHandlers> = {
      clientStream: async (requests) => {
        async function* checked() {
          for await (const request of requests) {
            if (request.text === "b") throw new GrpcError("INVALID_ARGUMENT", "b is not allowed");
            yield request;
          }
        }
        return await upstream.clientStream(checked());
      },
    };
    const { client, errors } = await startEcho({ handlers }, driver);
    expect(await callEach(client, "clientStream")).toMatchObject({
      code: "INVALID_ARGUMENT",
      rawMessage: "b is not allowed",
    });
    expect(errors).toEqual([]);
  });
});
