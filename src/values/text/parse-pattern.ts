import { type CharRange, charClass, type Pattern, PatternError } from "./pattern.ts";
import { classEscape, namedClass, parseCharacter } from "./pattern-classes.ts";

/** Deeper nesting is refused; RE2 itself refuses 1000. */
const maxDepth = 200;
/** The limit of RE2. */
const maxRepeat = 1000;

/**
 * Parses a regular expression in the syntax of RE2, which protovalidate uses. Flags are read and have no
 * effect: what matches without `(?i)` and `(?s)` also matches with them.
 *
 * @throws PatternError
 */
export function parsePattern(source: string): Pattern {
  const parser = new Parser(source);
  const pattern = parser.choice(0);
  if (!parser.atEnd) throw new PatternError("unexpected )");
  return pattern;
}

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(depth: number): Pattern {
    if (depth > maxDepth) throw new PatternError("nested too deeply");
    const options = [this.#sequence(depth)];
    while (this.#take("|")) options.push(this.#sequence(depth));
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  #sequence(depth: number): Pattern {
    const items: Pattern[] = [];
    while (!this.atEnd && !this.#sees("|") && !this.#sees(")")) {
      items.push(this.#repeated(this.#atom(depth)));
    }
    return { kind: "sequence", items };
  }

  #repeated(item: Pattern): Pattern {
    let repeated = item;
    for (;;) {
      const range = this.#repetition();
      if (range === undefined) return repeated;
      this.#take("?"); // as few as possible: the same texts match
      repeated = { kind: "repeat", item: repeated, ...range };
    }
  }

  #repetition(): { min: number; max: number | undefined } | undefined {
    if (this.#take("*")) return { min: 0, max: undefined };
    if (this.#take("+")) return { min: 1, max: undefined };
    if (this.#take("?")) return { min: 0, max: 1 };
    const counted = this.#match(/\{(\d+)(,(\d*))?\}/y);
    if (counted === undefined) return undefined;
    const [, low, comma, high] = counted;
    const min = Number(low);
    const max = comma === undefined ? min : high === "" ? undefined : Number(high);
    if (min > maxRepeat || (max !== undefined && (max > maxRepeat || max < min))) {
      throw new PatternError(`repetition ${counted[0]}`);
    }
    return { min, max };
  }

  #atom(depth: number): Pattern {
    if (this.#match(/\\[AzbB]|[\^$]/y) !== undefined) return { kind: "sequence", items: [] };
    if (this.#take(".")) return charClass([[0x0a, 0x0a]], true);
    if (this.#take("(")) return this.#group(depth);
    if (this.#take("[")) return this.#class();
    const quoted = this.#match(/\\Q([\s\S]*?)(?:\\E|$)/y);
    if (quoted !== undefined) return literal(quoted[1] ?? "");
    const named = this.#match(classEscape);
    if (named !== undefined) return charClass(...namedClass(named[0]));
    const code = this.#character();
    return { kind: "class", ranges: [[code, code]] };
  }

  #group(depth: number): Pattern {
    const flags = this.#match(/\?[imsU-]*(?=[:)])/y);
    if (flags !== undefined && this.#take(")")) return { kind: "sequence", items: [] };
    if (flags !== undefined) this.#take(":");
    else if (this.#match(/\?P?<\w+>/y) === undefined && this.#sees("?")) {
      throw new PatternError("a group that RE2 does not have");
    }
    const inner = this.choice(depth + 1);
    if (!this.#take(")")) throw new PatternError("missing )");
    return inner;
  }

  #class(): Pattern {
    const negated = this.#take("^");
    const ranges: CharRange[] = [];
    for (let first = true; first || !this.#sees("]"); first = false) {
      if (this.atEnd) throw new PatternError("missing ]");
      const named = this.#match(/\[:\^?\w+:\]/y) ?? this.#match(classEscape);
      if (named !== undefined) {
        ranges.push(...flatten(...namedClass(named[0])));
        continue;
      }
      const low = this.#character();
      const high = this.#match(/-(?!\])/y) === undefined ? low : this.#character();
      if (high < low) throw new PatternError("a range from high to low");
      ranges.push([low, high]);
    }
    this.#take("]");
    return charClass(ranges, negated);
  }

  #character(): number {
    const { code, length } = parseCharacter(this.#source.slice(this.#at, this.#at + 12));
    this.#at += length;
    return code;
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    const sees = this.#sees(text);
    if (sees) this.#at += text.length;
    return sees;
  }

  /** @param expression sticky */
  #match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }
}

/** The ranges of a class inside of another. Those of a negated one are printable characters. */
function flatten(ranges: readonly CharRange[], negated: boolean): readonly CharRange[] {
  if (!negated) return ranges;
  const pattern = charClass(ranges, true);
  return pattern.kind === "class" ? pattern.ranges : [];
}

function literal(text: string): Pattern {
  const items = Array.from(text, (char): Pattern => {
    const code = char.codePointAt(0) ?? 0;
    return { kind: "class", ranges: [[code, code]] };
  });
  return { kind: "sequence", items };
}
