import { setTimeout } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { onBehalfOf } from "../src/client/on-behalf-of.ts";
import type { CallOptions } from "../src/gen/runtime/client/index.ts";
import type { CallContext } from "../src/gen/runtime/index.ts";
import { deadline } from "../src/interceptors/deadline.ts";
import { requestId } from "../src/interceptors/request-id.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

const noDeadline = { timeoutMs: 0 };

/** Serves handlers that work until their call is over. */
async function startEndless(capMs: number) {
  const reasons: unknown[] = [];
  const handlers = implementPatterns(async ({ signal }) => {
    await setTimeout(60_000, undefined, { signal }).catch(() => reasons.push(signal.reason));
  });
  server = await startTestServer([handlers], [deadline({ unaryMs: capMs, streamMs: capMs })]);
  return reasons;
}

test.each(patternCalls)("%s: a call without a deadline gets one", async (_name, call) => {
  const reasons = await startEndless(300);
  await expect(call(server.channel, noDeadline)).rejects.toMatchObject({
    code: "DEADLINE_EXCEEDED",
    rawMessage: "calls may take 300 ms here, and this one did",
  });
  await expect.poll(() => reasons).toMatchObject([{ code: "DEADLINE_EXCEEDED" }]);
});

test.each(patternCalls)("%s: a longer deadline is shortened", async (_name, call) => {
  await startEndless(300);
  await expect(call(server.channel, { timeoutMs: 60_000 })).rejects.toMatchObject({
    rawMessage: "calls may take 300 ms here, and this one did",
  });
});

test.each(patternCalls)(
  "%s: handlers and their own calls know when it ends",
  async (_name, call) => {
    const seen: { deadline: Date | undefined; outgoing: CallOptions }[] = [];
    const handlers = implementPatterns((context: CallContext) => {
      seen.push({ deadline: context.deadline, outgoing: onBehalfOf(context) });
    });
    const layers = [requestId({ serverVersion: "1" }), deadline({ unaryMs: 5000, streamMs: 5000 })];
    server = await startTestServer([handlers], layers);
    const before = Date.now();
    const metadata = { "x-request-id": "order-42" };
    for (const timeoutMs of [0, 60_000, 1000]) await call(server.channel, { timeoutMs, metadata });

    const remaining = seen.map((each) => (each.deadline?.getTime() ?? 0) - before);
    for (const [index, capMs] of [5000, 5000, 1000].entries()) {
      expect(remaining[index]).toBeGreaterThan(capMs - 100);
      expect(remaining[index]).toBeLessThan(capMs + 5000);
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
  server = await startTestServer([handlers], [deadline({ unaryMs: 0, streamMs: 0 })]);
  for (const [, call] of patternCalls) await call(server.channel, noDeadline);
  expect(seen).toEqual([undefined, undefined, undefined, undefined]);
});
