import type { Draw, Limits, Scalar } from "../limits.ts";
import { formattedText } from "../text/formats.ts";
import { namedText, word } from "../text/named-text.ts";
import { parsePattern } from "../text/parse-pattern.ts";
import { type Pattern, PatternError } from "../text/pattern.ts";
import { textOfPattern } from "../text/text-of-pattern.ts";
import { ValueError } from "../value-error.ts";
import { chosen } from "./chosen.ts";
import { guessedText } from "./guessed-text.ts";

/** Longer texts are not made: no peer of gRPC accepts them. */
const maxLength = 1_000_000;
const tries = 60;

/** A text that fits the name and the rules of its field. */
export function text(draw: Draw): string {
  const { limits, random } = draw;
  const listed = chosen(draw, isString);
  if (listed !== undefined) return listed;
  const least = Math.max(limits.minSize ?? 0, limits.minBytes ?? 0);
  if (least > maxLength) throw new ValueError(`${draw.field} needs ${least} characters`);
  const pattern = limits.pattern === undefined ? undefined : patternOf(limits.pattern);
  let first: string | undefined;
  for (let attempt = 0; attempt < tries; attempt++) {
    const round = { ...draw, random: random.fork(attempt) };
    const guessed = draw.attempt > 0 ? guessedText(round) : undefined;
    const candidate = guessed ?? candidateText(round, pattern, attempt);
    if (fits(candidate, limits)) return candidate;
    first ??= candidate;
  }
  return first ?? "";
}

function isString(value: Scalar): value is string {
  return typeof value === "string";
}

function candidateText(draw: Draw, pattern: Pattern | undefined, attempt: number): string {
  const { limits, random } = draw;
  const { prefix = "", suffix = "" } = limits;
  if (pattern !== undefined) return matchingText(pattern, draw, attempt);
  if (limits.format === undefined) return shaped(naturalText(draw, attempt), limits);
  const formatted = formattedText(limits.format, random);
  if (prefix === "" && suffix === "" && limits.contains === undefined) return formatted;
  // A format with an affix: the affix may be all of it, or a part such as the domain.
  const head = formatted.split(/(?=[@/:.])/)[0] ?? "";
  const middles = ["", formatted, head, word(random), `${limits.contains ?? ""}.${head}`];
  return `${prefix}${random.pick(middles)}${suffix}`;
}

/** Short repetitions first; then longer ones, for rules about the length. */
function matchingText(pattern: Pattern, { limits, random }: Draw, attempt: number): string {
  const more = 4 * 2 ** Math.min(attempt % 12, 11);
  try {
    return textOfPattern(pattern, random, Math.min(more, limits.maxSize ?? more));
  } catch (error) {
    if (error instanceof PatternError) return "";
    throw error;
  }
}

/** A required text is not empty, whatever its name suggests. */
function naturalText(draw: Draw, attempt: number): string {
  const natural = namedText(draw, draw.random);
  const isPlain = natural !== "" && attempt < tries / 2;
  return isPlain || draw.limits.required !== true ? natural : word(draw.random);
}

/** A text with the prefix, the suffix and the length that the rules demand. */
function shaped(core: string, limits: Limits): string {
  const prefix = String(limits.prefix ?? "");
  const suffix = String(limits.suffix ?? "");
  const contains = core.includes(String(limits.contains ?? "")) ? "" : String(limits.contains);
  const fixed = prefix + contains + suffix;
  const most = Math.min(
    (limits.maxSize ?? maxLength) - charsOf(fixed),
    (limits.maxBytes ?? maxLength) - Buffer.byteLength(fixed),
  );
  const least = Math.max(
    (limits.minSize ?? 0) - charsOf(fixed),
    (limits.minBytes ?? 0) - Buffer.byteLength(fixed),
  );
  const long = core.length >= least ? core : (core || "example ").repeat(least).slice(0, least);
  // No space at the end of a text that was cut.
  const cut = long.slice(0, Math.max(0, most)).replace(/ $/, "s");
  return prefix + cut + contains + suffix;
}

function fits(value: string, limits: Limits): boolean {
  const chars = charsOf(value);
  const bytes = Buffer.byteLength(value);
  return (
    chars >= (limits.minSize ?? 0) &&
    chars <= (limits.maxSize ?? maxLength) &&
    bytes >= (limits.minBytes ?? 0) &&
    bytes <= (limits.maxBytes ?? maxLength) &&
    value.startsWith(String(limits.prefix ?? "")) &&
    value.endsWith(String(limits.suffix ?? "")) &&
    value.includes(String(limits.contains ?? "")) &&
    (limits.notContains === undefined || !value.includes(limits.notContains)) &&
    !limits.not?.includes(value) &&
    (limits.required !== true || value !== "")
  );
}

function charsOf(value: string): number {
  return Array.from(value).length;
}

/** Undefined for an expression that cannot be read: then texts are guessed. */
export function patternOf(source: string): Pattern | undefined {
  try {
    return parsePattern(source);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}
