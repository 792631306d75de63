import { describe, expect, test } from "vitest";
import { EchoClient } from "../gen/echo_client.ts";
import { cleanUp, connect, failure, settled, startEcho } from "../support/echo.ts";
import { callOf, hanging, kinds, never, paths } from "./support/calls.ts";

describe.each(paths)("deadlines, $name", ({ options }) => {
  test.each(kinds)("%s: a timeout ends the call", async (kind) => {
    const { client } = await startEcho({ handlers: hanging }, undefined, options);
    const call = callOf(client, kind, { timeoutMs: 50 });
    expect(await failure(call)).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test.each(kinds)("%s: the client's default applies", async (kind) => {
    const { address } = await startEcho({ handlers: hanging });
    const client = connect(address, { ...options, unaryTimeoutMs: 50, streamTimeoutMs: 50 });
    expect(await failure(callOf(client, kind))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test.each(kinds)("%s: a deadline in the past fails at once, without a call", async (kind) => {
    let arrived = 0;
    const count = async (_call: unknown, next: () => Promise<void>) => {
      arrived += 1;
      await next();
    };
    const fixture = await startEcho(
      { handlers: hanging, interceptors: [count] },
      undefined,
      options,
    );
    for (const deadline of [new Date(0), new Date(Date.now() - 1)]) {
      const start = performance.now();
      expect(await failure(callOf(fixture.client, kind, { deadline }))).toMatchObject({
        code: "DEADLINE_EXCEEDED",
      });
      expect(performance.now() - start).toBeLessThan(1_000);
    }
    expect(await settled(() => arrived)).toBe(0);
  });

  test.each([
    { timeoutMs: 2 ** 31 },
    { timeoutMs: 2 ** 40 },
    { timeoutMs: Number.POSITIVE_INFINITY },
    { deadline: new Date(8.64e15) },
  ])("$timeoutMs $deadline does not come early", async (limit) => {
    const seen: (Date | undefined)[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          unary: async (_request, { deadline }) => {
            seen.push(deadline);
            await new Promise((resolve) => setTimeout(resolve, 50));
            return { text: "in time" };
          },
        },
      },
      undefined,
      options,
    );
    expect((await client.unary({}, limit)).text).toBe("in time");
    const days = ((seen[0]?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(24);
  });
});

test("the defaults are 5 seconds and 30", async () => {
  const seen: number[] = [];
  const note = (deadline: Date | undefined) => {
    seen.push(Math.round(((deadline?.getTime() ?? 0) - Date.now()) / 1000));
    return {};
  };
  const { address } = await startEcho({
    handlers: {
      unary: async (_request, { deadline }) => note(deadline),
      clientStream: async (_requests, { deadline }) => note(deadline),
    },
  });
  const client = new EchoClient(address);
  cleanUp(() => client.close());
  await client.unary({});
  await client.clientStream([]);
  await client.unary({}, { timeoutMs: 100_000 });
  await client.unary({}, { deadline: new Date(Date.now() + 60_000) });
  expect(seen).toEqual([5, 30, 100, 60]);
});

test("a timeout of 0 is no limit", async () => {
  const seen: unknown[] = [];
  const { address } = await startEcho({
    handlers: {
      unary: async (_request, { deadline }) => {
        seen.push(deadline);
        return {};
      },
    },
  });
  await connect(address, { unaryTimeoutMs: 0 }).unary({});
  await connect(address).unary({}, { timeoutMs: 0 });
  expect(seen).toEqual([undefined, undefined]);
});

describe.each([
  { when: "before the call", hang: async (_next: () => Promise<void>) => await never() },
  {
    when: "after the call",
    hang: async (next: () => Promise<void>) => {
      await next();
      await never();
    },
  },
])("an interceptor that hangs $when", ({ hang }) => {
  const replying = { unary: async () => ({}), clientStream: async () => ({}) };
  const streaming = { serverStream: async function* () {}, bidi: async function* () {} };
  const handlers = { ...replying, ...streaming };

  test.each(kinds)("%s: cannot outlast the deadline", async (kind) => {
    const reasons: unknown[] = [];
    const { client } = await startEcho({ handlers }, undefined, {
      interceptors: [
        async ({ signal }, next) => {
          signal.addEventListener("abort", () => reasons.push(signal.reason));
          await hang(next);
        },
      ],
    });
    const error = await failure(callOf(client, kind, { timeoutMs: 50 }));
    expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(reasons).toMatchObject([{ code: "DEADLINE_EXCEEDED" }]);
  });

  test.each(kinds)("%s: cannot outlast the caller's signal", async (kind) => {
    const { client } = await startEcho({ handlers }, undefined, {
      interceptors: [async (_call, next) => await hang(next)],
    });
    const signal = AbortSignal.timeout(50);
    const error = await failure(callOf(client, kind, { signal, timeoutMs: 0 }));
    expect(error).toMatchObject({ code: "CANCELLED" });
  });
});
