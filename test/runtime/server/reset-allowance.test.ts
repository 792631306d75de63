import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ResetAllowance } from "../../../runtime/src/server/reset-allowance.ts";

let nowMs = 0;

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Counts the resets that are allowed at once, up to `most`. */
function allowed(allowance: ResetAllowance, most: number): number {
  let count = 0;
  while (count < most && !allowance.isOneTooMany()) count += 1;
  return count;
}

test("a burst is allowed at once, and what a second earns after that", () => {
  const allowance = new ResetAllowance(10, 4);
  expect(allowed(allowance, 100)).toBe(10);
  nowMs += 1_500;
  // The one too many counted as well.
  expect(allowed(allowance, 100)).toBe(5);
});

test("a peer that has reset nothing for long is allowed no more than a burst", () => {
  const allowance = new ResetAllowance(10, 4);
  nowMs += 3_600_000;
  expect(allowed(allowance, 100)).toBe(10);
});

test("a burst of 0 is no limit", () => {
  expect(allowed(new ResetAllowance(0, 1), 10_000)).toBe(10_000);
});
