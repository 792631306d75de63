import { afterEach, expect, test, vi } from "vitest";
import { RetryDelay } from "../../../runtime/src/redis/retry-delay.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The delays after failures of connections that worked for these times. */
function delays(random: number, ...lastedMs: number[]): number[] {
  vi.spyOn(Math, "random").mockReturnValue(random);
  const delay = new RetryDelay();
  return lastedMs.map((ms) => Math.round(delay.next(ms)));
}

test("delays double up to two seconds, less up to a half", () => {
  expect(delays(1, 0, 0, 0, 0, 0, 0, 0)).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
  expect(delays(0, 0, 0, 0, 0, 0, 0, 0)).toEqual([50, 100, 200, 400, 800, 1000, 1000]);
});

test("a connection that lasted for ten seconds gets a new start, another does not", () => {
  expect(delays(1, 0, 0, 10_000, 10_001, 0)).toEqual([100, 200, 400, 100, 200]);
});
