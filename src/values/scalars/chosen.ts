import type { Draw, Scalar } from "../limits.ts";

/** One of the values that the rules list, or of the author's examples. Undefined if none of them can be used. */
export function chosen<T extends Scalar>(
  { limits, random, attempt }: Draw,
  isType: (value: Scalar) => value is T,
): T | undefined {
  const { only, examples = [], not = [], required } = limits;
  const usable = (value: Scalar): value is T =>
    isType(value) && !not.includes(value) && !(required === true && isZero(value));
  if (only !== undefined) {
    const allowed = only.filter(usable);
    // With none, the rules exclude each other, which the check reports.
    return allowed.length > 0 ? random.pick(allowed) : only.find(isType);
  }
  const given = examples.filter(usable);
  return given.length > 0 && attempt < 3 ? random.pick(given) : undefined;
}

function isZero(value: Scalar): boolean {
  return value === 0 || value === 0n || value === false || value === "";
}
