import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallQueue } from "../../../runtime/src/server/call-queue.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const connection = {};

interface Call {
  readonly connection: object;
  readonly name: string;
  readonly queuedMs: number;
  readonly timeoutMs: number | undefined;
}

function start(maxWaitMs: number, timeoutMs?: number) {
  const shed: string[] = [];
  const queue = new CallQueue<Call>(maxWaitMs, ({ name }) => shed.push(name));
  const push = (...names: string[]) => {
    for (const name of names)
      queue.push({ name, connection, queuedMs: performance.now(), timeoutMs });
  };
  const take = () => queue.take()?.name;
  return { queue, shed, push, take };
}

test("calls are taken in the order of their arrival", () => {
  const { push, take, queue } = start(100);
  push("a", "b");
  expect([take(), take(), take()]).toEqual(["a", "b", undefined]);
  expect(queue.isEmpty).toBe(true);
});

test("connections take turns, so that one with many calls holds up no other", () => {
  const { queue, take } = start(100);
  const many = {};
  const few = {};
  const push = (name: string, from: object) =>
    queue.push({ name, connection: from, queuedMs: performance.now(), timeoutMs: undefined });
  for (let index = 1; index <= 1_000; index += 1) push(`many ${index}`, many);
  push("few 1", few);
  push("few 2", few);
  expect([take(), take(), take(), take(), take()]).toEqual([
    "many 1",
    "few 1",
    "many 2",
    "few 2",
    "many 3",
  ]);
  push("few 3", few);
  expect([take(), take()]).toContain("few 3");
  expect(queue.calls).toHaveLength(996);
});

test("after a short pause, nobody has waited too long", () => {
  const { push, take, shed } = start(100);
  push("a", "b");
  vi.advanceTimersByTime(450);
  expect([take(), take()]).toEqual(["a", "b"]);
  expect(shed).toEqual([]);
});

test("when calls have been waiting for half a second, those that waited too long are shed", () => {
  const { push, take, shed } = start(100);
  push("a", "b");
  vi.advanceTimersByTime(300);
  take();
  push("c");
  vi.advanceTimersByTime(150);
  push("d");
  vi.advanceTimersByTime(80);
  expect(take()).toBe("d");
  expect(shed).toEqual(["b", "c"]);
});

test("shortly after that, a queue that was empty for a moment is still overloaded", () => {
  const { push, take, shed } = start(100);
  push("a");
  vi.advanceTimersByTime(600);
  expect(take()).toBeUndefined();
  push("b");
  vi.advanceTimersByTime(150);
  push("c");
  expect(take()).toBe("c");
  expect(shed).toEqual(["a", "b"]);
  vi.advanceTimersByTime(2_000);
  push("d");
  vi.advanceTimersByTime(150);
  expect(take()).toBe("d");
});

test("without a limit, nothing is shed", () => {
  const { push, take, shed } = start(0);
  push("a");
  vi.advanceTimersByTime(60_000);
  expect(take()).toBe("a");
  expect(shed).toEqual([]);
});

test.each([
  [10_000, 1_000],
  [3_000, 300],
  [200, 100],
  [undefined, 2_000],
  [3_600_000, 2_000],
])("with a timeout of %s ms a call may wait for %i ms", (timeoutMs, waitMs) => {
  const { push, take } = start(2_000, timeoutMs);
  push("a");
  vi.advanceTimersByTime(2_500);
  take();
  push("b", "c");
  vi.advanceTimersByTime(waitMs);
  // Not shed by then, but a moment later.
  expect(take()).toBe("b");
  vi.advanceTimersByTime(1);
  expect(take()).toBeUndefined();
});
