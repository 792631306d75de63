import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { answerWithin, RedisTimeoutError } from "../../../runtime/src/redis/answer-within.ts";

const never = new Promise<never>(() => {});

/** Keeps this process busy. */
function stall(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("an answer in time is passed on, and so is a failure", async () => {
  expect(await answerWithin(10_000, Promise.resolve(1))).toBe(1);
  await expect(answerWithin(10_000, Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("without an answer it fails after the time, and not before", async () => {
  const began = performance.now();
  await expect(answerWithin(50, never)).rejects.toThrow(new RedisTimeoutError(50));
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
});

test("no timer is left of what is over", async () => {
  vi.useFakeTimers();
  try {
    await answerWithin(10_000, Promise.resolve(1));
    await answerWithin(10_000, Promise.reject(new Error("no"))).catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("an answer that came while this process was stalled counts", async () => {
  // It is there in time, but nobody could take it.
  const answer = setImmediate().then(() => setImmediate("answer"));
  const waiting = answerWithin(50, answer);
  stall(200);
  expect(await waiting).toBe("answer");
});

test("a stall is forgiven once", async () => {
  const stalls = setInterval(() => stall(60), 1);
  try {
    await expect(answerWithin(20, never)).rejects.toThrow(RedisTimeoutError);
  } finally {
    clearInterval(stalls);
  }
});
