import { describe, expect, test } from "vitest";
import { GrpcError, type ServerInterceptor } from "../../../runtime/src/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { bug, callEach, good, kinds } from "./calls.ts";

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

describe.each(drivers)("$name", (driver) => {
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
});
