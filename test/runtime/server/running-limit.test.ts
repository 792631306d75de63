import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunningLimit } from "../../../runtime/src/server/running-limit.ts";

let nowMs = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Lets the limit look at the event loop, which has taken `ms` for its turn. */
function turn(ms: number): void {
  nowMs += ms;
  vi.advanceTimersByTime(20);
}

/** Starts calls while there is room, up to `most`. */
function fill(limit: RunningLimit, most: number): number {
  let started = 0;
  for (; started < most && limit.hasRoom; started += 1) limit.start();
  return started;
}

function end(limit: RunningLimit, calls: number): void {
  for (let ended = 0; ended < calls; ended += 1) limit.end();
}

test("no more calls run than the limit says, and one that ends makes room", () => {
  const onRoom = vi.fn();
  const limit = new RunningLimit(3, onRoom);
  expect(fill(limit, 10)).toBe(3);
  expect(onRoom).not.toHaveBeenCalled();
  limit.end();
  expect(onRoom).toHaveBeenCalledOnce();
  expect(fill(limit, 10)).toBe(1);
});

test("without a limit, all run while the event loop is in time", () => {
  const limit = new RunningLimit(0, () => {});
  expect(fill(limit, 1_000)).toBe(1_000);
  for (let turns = 0; turns < 10; turns += 1) turn(25);
  expect(limit.hasRoom).toBe(true);
});

test("fewer run while the event loop is late, but never less than a few", () => {
  const limit = new RunningLimit(0, () => {});
  fill(limit, 100);
  turn(500);
  end(limit, 20);
  expect(limit.hasRoom).toBe(false);
  for (let turns = 0; turns < 50; turns += 1) turn(500);
  end(limit, 80);
  expect(fill(limit, 100)).toBe(4);
});

test("a limit of fewer than that holds while the event loop is late", () => {
  const limit = new RunningLimit(2, () => {});
  fill(limit, 10);
  expect(limit.hasRoom).toBe(false);
  for (let turns = 0; turns < 5; turns += 1) turn(500);
  end(limit, 2);
  expect(fill(limit, 10)).toBe(2);
});

test("once it is in time again, step by step as many as are needed", () => {
  const onRoom = vi.fn();
  const limit = new RunningLimit(50, onRoom);
  fill(limit, 50);
  for (let turns = 0; turns < 50; turns += 1) turn(500);
  end(limit, 46);
  const running: number[] = [];
  for (let turns = 0; turns < 11; turns += 1) {
    fill(limit, 50);
    turn(20);
    running.push(fill(limit, 50));
  }
  expect(running.every((more) => more > 0)).toBe(true);
  end(limit, 1);
  expect(onRoom).toHaveBeenCalled();
});

test("while a call waits, the limit rises although none comes or ends", () => {
  const onRoom = vi.fn();
  const limit = new RunningLimit(0, onRoom);
  fill(limit, 100);
  for (let turns = 0; turns < 50; turns += 1) turn(500);
  expect(limit.hasRoom).toBe(false);
  for (let turns = 0; turns < 30; turns += 1) turn(20);
  expect(onRoom).toHaveBeenCalled();
  expect(limit.hasRoom).toBe(true);
});

test("what waits makes the owner look for calls that need not count", () => {
  const limit: RunningLimit = new RunningLimit(
    5,
    () => {},
    () => limit.end(),
  );
  fill(limit, 5);
  turn(20);
  expect(limit.hasRoom).toBe(false);
  turn(20);
  expect(limit.hasRoom).toBe(true);
});

test("after a rest, the past does not count", () => {
  const limit = new RunningLimit(0, () => {});
  fill(limit, 100);
  turn(500);
  end(limit, 100);
  turn(20);
  nowMs += 5_000;
  expect(fill(limit, 1_000)).toBe(1_000);
});
