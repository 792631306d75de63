import type { Random } from "../random.ts";
import { type CharRange, type Pattern, PatternError } from "./pattern.ts";

/** Bounds the work, for expressions that repeat a lot or even nothing a million times. */
const maxSteps = 50_000;

/**
 * A text that matches a pattern as a whole.
 *
 * @param more how many times more than necessary something may be repeated
 * @throws PatternError when every match is too long
 */
export function textOfPattern(pattern: Pattern, random: Random, more: number): string {
  const writer = new Writer(random, more);
  writer.write(pattern);
  return writer.text;
}

class Writer {
  text = "";
  readonly #random: Random;
  readonly #more: number;
  #steps = 0;

  constructor(random: Random, more: number) {
    this.#random = random;
    this.#more = more;
  }

  write(pattern: Pattern): void {
    if (++this.#steps > maxSteps) throw new PatternError("every match is too long");
    switch (pattern.kind) {
      case "class":
        this.text += charOf(pattern.ranges, this.#random);
        break;
      case "sequence":
        for (const item of pattern.items) this.write(item);
        break;
      case "choice":
        this.write(this.#random.pick(pattern.options));
        break;
      case "repeat": {
        const { min, max = Number.POSITIVE_INFINITY } = pattern;
        const more = this.#steps > maxSteps / 2 ? 0 : this.#more;
        const count = this.#random.between(min, Math.min(max, min + more));
        for (let at = 0; at < count; at++) this.write(pattern.item);
        break;
      }
    }
  }
}

/** A letter or digit, if the class has any: `[^/]+` is easier to read as `harbor` than as `#(~`. */
function charOf(ranges: readonly CharRange[], random: Random): string {
  const plain = ranges.filter(([low, high]) => low === high && isPlain(low));
  const [low, high] = random.pick(plain.length > 0 ? plain : ranges);
  return String.fromCodePoint(random.between(low, high));
}

function isPlain(code: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(code));
}
