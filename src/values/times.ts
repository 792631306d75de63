import type { Draw } from "./limits.ts";
import { chosen } from "./scalars/chosen.ts";
import { allowedRange, isBigint, naturalRange } from "./scalars/integer.ts";

const second = 1_000_000_000n;
const day = 86_400n * second;

/** What a `Timestamp` can hold: years 1 to 9999. */
const allMoments = [-62_135_596_800n * second, 253_402_300_799n * second] as const;
/** The year 2025: past, so that it satisfies the rule `lt_now`. */
const naturalMoments = [1_735_689_600n * second, 1_767_225_599n * second] as const;
/** What a `Duration` can hold: 10 000 years. */
const allDurations = [-315_576_000_000n * second, 315_576_000_000n * second] as const;
const naturalDurations = [second, 300n * second] as const;

/** Nanoseconds since 1970 for a timestamp. */
export function momentNanos(draw: Draw): bigint {
  const { within, low } = draw.limits;
  if (within !== undefined) {
    // The only values that depend on the time at which they are made.
    const now = BigInt(Date.now()) * 1_000_000n;
    return low === undefined ? now - within / 2n : now + within / 2n;
  }
  return nanos(draw, allMoments, naturalMoments);
}

/** Nanoseconds of a duration. */
export function durationNanos(draw: Draw): bigint {
  return nanos(draw, allDurations, naturalDurations);
}

function nanos(
  draw: Draw,
  all: readonly [bigint, bigint],
  natural: readonly [bigint, bigint],
): bigint {
  const listed = chosen(draw, isBigint);
  if (listed !== undefined) return listed;
  const { limits, random } = draw;
  const [low, high] = naturalRange(allowedRange(limits, all), natural, day);
  for (let tries = 0; tries < 50; tries++) {
    const exact = random.bigBetween(low, high);
    const rounded = exact - (exact % second);
    const value = rounded >= low && rounded <= high && tries < 40 ? rounded : exact;
    if (!limits.not?.includes(value) && (limits.required !== true || value !== 0n)) return value;
  }
  return low;
}
