import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { drivers } from "../support/drivers.ts";
import { failure, signpost, startEcho } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { aborted, patient } from "./patient.ts";

const paths = ["Unary", "ServerStream", "ClientStream", "Bidi"].map(
  (name) => `/runtime.test.Echo/${name}`,
);

describe.each(drivers)("$name", (driver) => {
  describe.each(paths)("%s", (path) => {
    const requests = /Client|Bidi/.test(path) ? 0 : 1;

    test.each(["cancels", "disconnects"])("the caller %s", async (how) => {
      const { started, handlers } = patient();
      const { port, errors } = await startEcho({ handlers }, driver);
      const call = rawCall(port, path);
      for (let index = 0; index < requests; index += 1) call.send(Buffer.alloc(0));
      if (requests > 0) call.end();
      const { signal } = await started;
      expect(signal.aborted).toBe(false);
      if (how === "cancels") call.cancel();
      else call.session.destroy();
      expect(await aborted(signal)).toMatchObject({ name: "GrpcError", code: "CANCELLED" });
      expect(errors).toEqual([]);
    });

    test("the deadline passes", async () => {
      const { started, handlers } = patient();
      const { port, errors } = await startEcho({ handlers }, driver);
      const before = Date.now();
      const call = rawCall(port, path, { headers: { "grpc-timeout": "250m" } });
      for (let index = 0; index < requests; index += 1) call.send(Buffer.alloc(0));
      if (requests > 0) call.end();
      const { signal, deadline } = await started;
      const reason = await aborted(signal);
      expect(reason).toBeInstanceOf(GrpcError);
      expect(reason).toMatchObject({ code: "DEADLINE_EXCEEDED" });
      expect(deadline?.getTime()).toBeGreaterThan(before);
      expect(deadline?.getTime()).toBeLessThan(Date.now() + 1_000);
      call.end();
      expect((await call.outcome).trailers["grpc-status"]).toBe("4");
      expect(errors).toEqual([]);
    });
  });

  test("no deadline is undefined", async () => {
    const { client } = await startEcho(
      { handlers: { unary: async (_request, { deadline }) => ({ text: String(deadline) }) } },
      driver,
    );
    expect((await client.unary({}, { timeoutMs: 0 })).text).toBe("undefined");
  });

  test("the signal of a call that succeeds never aborts", async () => {
    let seen: AbortSignal | undefined;
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, { signal }) => {
            seen = signal;
            return {};
          },
        },
      },
      driver,
    );
    await client.unary({});
    await client.unary({});
    expect(seen?.aborted).toBe(false);
  });

  test("interceptors learn why a call was over", async () => {
    const outcome = signpost<unknown>();
    const { started, handlers } = patient();
    const { port } = await startEcho(
      {
        handlers,
        interceptors: [
          async (_call, next) => {
            await next().catch((error) => outcome.reach(error));
          },
        ],
      },
      driver,
    );
    const call = rawCall(port, "/runtime.test.Echo/ServerStream");
    call.send(Buffer.alloc(0));
    call.end();
    await started;
    call.cancel();
    expect(await outcome.reached).toMatchObject({ code: "CANCELLED" });
  });

  test("an interceptor that throws aborts the handler", async () => {
    const { started, reason, handlers } = patient();
    const { client } = await startEcho(
      {
        handlers,
        interceptors: [
          async (_call, next) => {
            await Promise.race([next(), started]);
            throw new GrpcError("RESOURCE_EXHAUSTED", "too slow");
          },
        ],
      },
      driver,
    );
    expect(await failure(client.unary({}))).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    expect(await reason).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  });
});

test("a deadline far away does not fire at once", async () => {
  const { client } = await startEcho({ handlers: { unary: async () => ({ text: "ok" }) } });
  const far = new Date(Date.now() + 365 * 24 * 3600 * 1000);
  expect((await client.unary({}, { deadline: far })).text).toBe("ok");
  expect((await client.unary({}, { timeoutMs: 2 ** 40 })).text).toBe("ok");
  expect((await client.unary({}, { timeoutMs: Number.POSITIVE_INFINITY })).text).toBe("ok");
  expect(await failure(client.unary({}, { timeoutMs: -1 }))).toMatchObject({ code: "INTERNAL" });
  expect(await failure(client.unary({}, { deadline: new Date(Number.NaN) }))).toMatchObject({
    code: "INTERNAL",
  });
});
