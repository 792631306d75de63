import { ScalarType } from "@bufbuild/protobuf";
import type { Draw, Limits, Scalar } from "../limits.ts";
import { chosen } from "./chosen.ts";
import { namedRange } from "./named-number.ts";

/** A floating-point number that fits the name and the rules of its field. Always finite. */
export function float(type: ScalarType, draw: Draw): number {
  const { limits, random } = draw;
  const listed = chosen(draw, isNumber);
  if (listed !== undefined) return listed;
  // A float that is not exact would change on the wire.
  const exact = (value: number) => (type === ScalarType.FLOAT ? Math.fround(value) : value);
  const [low, high] = span(limits, namedRange(draw.field));
  for (let tries = 0; tries < 50; tries++) {
    const part = low + ((high - low) * random.between(0, 400)) / 400;
    const rounded = Math.round(part * 100) / 100;
    const value = exact(guess(draw) ?? (tries < 25 ? rounded : part));
    if (fits(value, limits)) return value;
  }
  return exact(low);
}

function isNumber(value: Scalar): value is number {
  return typeof value === "number";
}

/** After a refusal, half of the values come from the literals of the rules. */
function guess({ limits: { hints }, random, attempt }: Draw): number | undefined {
  if (attempt === 0 || random.chance(50)) return undefined;
  const number = random.pick([0, 1, 10, ...(hints?.numbers ?? []), ...(hints?.numbers ?? [])]);
  return number + random.pick([0, 0, 0.5, -0.5, 1, -1]);
}

/** Where values are searched: natural ones if the bounds allow any, otherwise near the bounds. */
function span(limits: Limits, [least, greatest]: readonly [number, number]): [number, number] {
  const low = limits.low === undefined ? Number.NEGATIVE_INFINITY : Number(limits.low.value);
  const high = limits.high === undefined ? Number.POSITIVE_INFINITY : Number(limits.high.value);
  if (low > high) return [low, low + step(low)];
  const from = Math.max(low, least);
  const to = Math.min(high, greatest);
  if (from < to || (from === to && limits.low?.inclusive !== false)) return [from, to];
  if (low === Number.NEGATIVE_INFINITY) return [high - step(high), high];
  return [low, Math.min(high, low + step(low))];
}

/** Wide enough to differ from a number of this size. */
function step(size: number): number {
  return Math.max(1, Math.abs(size) / 1000);
}

function fits(value: number, { low, high, not, required }: Limits): boolean {
  if (!Number.isFinite(value) || not?.includes(value)) return false;
  if (required === true && value === 0) return false;
  const above = low === undefined || value > low.value || (low.inclusive && value === low.value);
  const below =
    high === undefined || value < high.value || (high.inclusive && value === high.value);
  const isOutside = low !== undefined && high !== undefined && low.value > high.value;
  return isOutside ? above || below : above && below;
}
