import { ScalarType } from "@bufbuild/protobuf";
import type { Bound, Draw, Limits } from "../limits.ts";
import { chosen } from "./chosen.ts";
import { namedRange } from "./named-number.ts";

/** Smallest and largest value, both included. */
type Range = readonly [low: bigint, high: bigint];

/** An integer that fits the name and the rules of its field. */
export function integer(type: ScalarType, draw: Draw): bigint {
  const { limits, random } = draw;
  const listed = chosen(draw, isBigint);
  if (listed !== undefined) return listed;
  const range = allowedRange(limits, rangeOfType(type));
  const [least, greatest] = namedRange(draw.field);
  const natural: Range = [BigInt(Math.trunc(least)), BigInt(Math.trunc(greatest))];
  const [low, high] = naturalRange(range, natural, 1000n);
  for (let tries = 0; tries < 50; tries++) {
    const value = guess(draw, range) ?? random.bigBetween(low, high);
    if (!limits.not?.includes(value) && (limits.required !== true || value !== 0n)) return value;
  }
  return low;
}

/** After a refusal, half of the values come from the literals of the rules. */
function guess(
  { limits: { hints }, random, attempt }: Draw,
  [low, high]: Range,
): bigint | undefined {
  if (attempt === 0 || random.chance(40)) return undefined;
  const numbers = [0, 10, 100, ...(hints?.numbers ?? []), ...(hints?.numbers ?? [])];
  const number = BigInt(Math.trunc(random.pick(numbers)));
  const near = number * BigInt(random.pick([1, 1, 1, 2, 3])) + BigInt(random.pick([0, 0, 1, -1]));
  return near < low || near > high ? undefined : near;
}

export function isBigint(value: unknown): value is bigint {
  return typeof value === "bigint";
}

/** What the bounds allow. Bounds that exclude everything in between allow what is above the lower one. */
export function allowedRange({ low, high }: Limits, [least, greatest]: Range): Range {
  const from = low === undefined ? least : first(low);
  const to = high === undefined ? greatest : last(high);
  if (from <= to) return [from < least ? least : from, to > greatest ? greatest : to];
  return from <= greatest ? [from, greatest] : [least, to];
}

function first({ value, inclusive }: Bound): bigint {
  return inclusive ? BigInt(value) : BigInt(value) + 1n;
}

function last({ value, inclusive }: Bound): bigint {
  return inclusive ? BigInt(value) : BigInt(value) - 1n;
}

/**
 * The allowed part of the natural range. If no natural value is allowed: the allowed ones nearest to it.
 *
 * @param width how many
 */
export function naturalRange(
  [low, high]: Range,
  [least, greatest]: Range,
  width: bigint,
): [low: bigint, high: bigint] {
  const smallest = least > low ? least : low;
  const largest = greatest < high ? greatest : high;
  if (smallest <= largest) return [smallest, largest];
  if (greatest < low) return [low, high - low >= width ? low + width - 1n : high];
  return [high - low >= width ? high - width + 1n : low, high];
}

function rangeOfType(type: ScalarType): Range {
  switch (type) {
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return [0n, 2n ** 32n - 1n];
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return [0n, 2n ** 64n - 1n];
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return [-(2n ** 63n), 2n ** 63n - 1n];
    default:
      return [-(2n ** 31n), 2n ** 31n - 1n];
  }
}
