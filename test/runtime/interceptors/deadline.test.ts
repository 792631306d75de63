import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { type CallOptions, onBehalfOf } from "../../../runtime/src/client/index.ts";
import { Expiry } from "../../../runtime/src/expiry.ts";
import type { CallContext } from "../../../runtime/src/index.ts";
import { deadline, requestId } from "../../../runtime/src/interceptors/index.ts";
import { cleanUp } from "../support/echo.ts";
import { implementPatterns, patternCalls } from "../support/four-patterns.ts";
import { serve } from "../support/serve.ts";

const noDeadline = { timeoutMs: 0 };
const tooLong = "the call took longer than the limit of 300 ms";

/** Serves handlers that work until their call is over. */
async function startEndless(maxMs: number) {
  const reasons: unknown[] = [];
  const handlers = implementPatterns(async ({ signal }) => {
    await setTimeout(60_000, undefined, { signal }).catch(() => reasons.push(signal.reason));
  });
  const { channel } = await serve([handlers], [deadline({ unaryMs: maxMs, streamMs: maxMs })]);
  return { channel, reasons };
}

test.each(patternCalls)("%s: a call without a deadline gets one", async (_name, call) => {
  const { channel, reasons } = await startEndless(300);
  await expect(call(channel, noDeadline)).rejects.toMatchObject({
    code: "DEADLINE_EXCEEDED",
    rawMessage: tooLong,
  });
  await expect.poll(() => reasons).toMatchObject([{ code: "DEADLINE_EXCEEDED" }]);
});

test.each(patternCalls)("%s: a longer deadline is shortened", async (_name, call) => {
  const { channel } = await startEndless(300);
  await expect(call(channel, { timeoutMs: 60_000 })).rejects.toMatchObject({
    rawMessage: tooLong,
  });
});

test.each(patternCalls)(
  "%s: the handler and its own calls have the deadline",
  async (_name, call) => {
    const seen: { deadline: Date | undefined; outgoing: CallOptions }[] = [];
    const handlers = implementPatterns((context: CallContext) => {
      seen.push({ deadline: context.deadline, outgoing: onBehalfOf(context) });
    });
    const { channel } = await serve(
      [handlers],
      [requestId({ serverVersion: "1" }), deadline({ unaryMs: 5000, streamMs: 5000 })],
    );
    const before = Date.now();
    const metadata = { "x-request-id": "order-42" };
    for (const timeoutMs of [0, 60_000, 1000]) await call(channel, { timeoutMs, metadata });

    const remaining = seen.map((each) => (each.deadline?.getTime() ?? 0) - before);
    for (const [index, maxMs] of [5000, 5000, 1000].entries()) {
      expect(remaining[index]).toBeGreaterThan(maxMs - 100);
      expect(remaining[index]).toBeLessThan(maxMs + 5000);
    }
    for (const each of seen) {
      expect(each.outgoing).toMatchObject({ deadline: each.deadline, metadata });
      expect(each.outgoing.signal).toBeInstanceOf(AbortSignal);
    }
  },
);

test("0 is no limit", async () => {
  const seen: (Date | undefined)[] = [];
  const handlers = implementPatterns((context) => seen.push(context.deadline));
  const { channel } = await serve([handlers], [deadline({ unaryMs: 0, streamMs: 0 })]);
  for (const [, call] of patternCalls) await call(channel, noDeadline);
  expect(seen).toEqual([undefined, undefined, undefined, undefined]);
});

test("unary calls and calls with streams have limits of their own", async () => {
  const limited: boolean[] = [];
  const handlers = implementPatterns((context) => limited.push(context.deadline !== undefined));
  const { channel } = await serve([handlers], [deadline({ unaryMs: 5000, streamMs: 0 })]);
  for (const [, call] of patternCalls) await call(channel, noDeadline);
  expect(limited).toEqual([true, false, false, false]);
});

test.each(patternCalls)("%s: a call that has ended is not waited for", async (_name, call) => {
  const cancel = vi.spyOn(Expiry.prototype, "cancel");
  cleanUp(() => void vi.restoreAllMocks());
  const interceptor = deadline({ unaryMs: 54_321, streamMs: 54_321 });
  const { channel } = await serve([implementPatterns(() => {})], [interceptor]);
  await call(channel, noDeadline);
  await expect.poll(() => cancel.mock.calls.length).toBe(1);
});

test.each([2 ** 31, Number.POSITIVE_INFINITY])(
  "a limit of %d ms ends no call early",
  async (ms) => {
    // Longer than a timer takes that is set for more than it can hold.
    const handlers = implementPatterns(() => setTimeout(50));
    const { channel } = await serve([handlers], [deadline({ unaryMs: ms, streamMs: ms })]);
    for (const [, call] of patternCalls) await call(channel, noDeadline);
  },
);
