import type { Draw } from "../limits.ts";
import { namedText, word } from "../text/named-text.ts";
import { parsePattern } from "../text/parse-pattern.ts";
import { PatternError } from "../text/pattern.ts";
import { textOfPattern } from "../text/text-of-pattern.ts";

/**
 * A text that an expression might accept, made of the literals in it: itself, at either end of another
 * text, as a regular expression, or of a length. Undefined in one of three cases and without literals, so
 * that ordinary texts are tried too.
 */
export function guessedText(draw: Draw): string | undefined {
  const { random, limits } = draw;
  const { texts = [], numbers = [] } = limits.hints ?? {};
  if (random.chance(33) || texts.length + numbers.length === 0) return undefined;
  const natural = random.pick([namedText(draw, random), word(random), ""]);
  if (texts.length === 0) return ofLength(natural, random.pick(numbers) + random.below(2));
  const literal = random.pick(texts);
  const guesses: readonly (() => string)[] = [
    () => literal,
    () => literal + natural,
    () => natural + literal,
    () => random.pick(texts) + natural + literal,
    () => matching(literal, draw),
    () => matching(literal, draw),
  ];
  return random.pick(guesses)();
}

function ofLength(core: string, length: number): string {
  const size = Math.min(Math.max(0, Math.trunc(length)), 10_000);
  return (core || "example").repeat(Math.ceil(size / 5) + 1).slice(0, size);
}

function matching(literal: string, { random }: Draw): string {
  try {
    return textOfPattern(parsePattern(literal), random, random.pick([2, 8, 32]));
  } catch (error) {
    if (error instanceof PatternError) return literal;
    throw error;
  }
}
