import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { faultLog } from "../../../runtime/src/interceptors/index.ts";
import { createTestContext } from "../../../runtime/src/testing/index.ts";
import { recordingLogger } from "../support/recording-logger.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

function start() {
  const { logger, lines } = recordingLogger();
  const log = faultLog(logger);
  const call = { ...createTestContext(), set() {}, onRequest() {}, onResponse() {} };
  return { lines, report: (error: unknown) => log(error, call) };
}

const away = (port: number) => new Error(`connect ECONNREFUSED 127.0.0.1:${port}`);

/** An error of the place with this number. */
function numbered(index: number): Error {
  const error = new Error("x");
  error.stack = `Error: x\n    at handler (file:///a.js:${index}:1)`;
  return error;
}

test("a fault of many calls is logged with its stack once in ten seconds", () => {
  const { lines, report } = start();
  for (let call = 0; call < 100; call += 1) report(new Error("lost", { cause: away(call) }));
  expect(lines).toHaveLength(100);
  expect(lines[0]).toMatchObject({
    err: { message: expect.stringContaining("lost"), stack: expect.any(String) },
  });
  expect(lines[99]).toMatchObject({
    err: { type: "Error", message: "lost", cause: "connect ECONNREFUSED 127.0.0.1:99" },
    repeated: true,
  });
  expect(JSON.stringify(lines.slice(1)).length).toBeLessThan(30_000);
  vi.advanceTimersByTime(10_001);
  report(new Error("another place"));
  expect(lines[100]).not.toHaveProperty("repeated");
});

test("faults of several places are told apart", () => {
  const { lines, report } = start();
  report(new Error("one"));
  report(new TypeError("two"));
  report("three");
  expect(lines.filter((line) => "repeated" in line)).toEqual([]);
});

test("what is remembered of faults is bounded", () => {
  const { lines, report } = start();
  for (let index = 0; index < 1_000; index += 1) report(numbered(index));
  report(numbered(0));
  expect(lines.filter((line) => "repeated" in line)).toEqual([]);
  report(numbered(999));
  expect(lines.at(-1)).toMatchObject({ repeated: true });
});

test("of many places, the one that was logged first is forgotten first", () => {
  const { lines, report } = start();
  for (let index = 0; index < 100; index += 1) report(numbered(index));
  vi.advanceTimersByTime(10_001);
  report(numbered(0));
  report(numbered(100));
  report(numbered(0));
  expect(lines.at(-1)).toMatchObject({ repeated: true });
});
