import { expect, test } from "vitest";
import { Pace } from "../../../runtime/src/rooms/pace.ts";

const { signal } = new AbortController();

test("lets a burst pass at once, and then as many per second as allowed", async () => {
  const pace = new Pace({ messagesPerSecond: 20, burst: 5 });
  const began = performance.now();
  for (let count = 0; count < 5; count += 1) await pace.next(signal);
  const burst = performance.now() - began;
  for (let count = 0; count < 5; count += 1) await pace.next(signal);
  expect(burst).toBeLessThan(200);
  expect(performance.now() - began).toBeGreaterThan(240);
});

test("a caller that leaves does not wait", async () => {
  const pace = new Pace({ messagesPerSecond: 0.001, burst: 1 });
  await pace.next(signal);
  const leaving = new AbortController();
  const next = pace.next(leaving.signal);
  const reason = new Error("the caller has left");
  leaving.abort(reason);
  await expect(next).rejects.toBe(reason);
});
