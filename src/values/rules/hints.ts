import type { Hints } from "../limits.ts";

/** The literals in expressions of CEL. */
export function hintsIn(expressions: readonly string[]): Hints {
  const texts = new Set<string>();
  const numbers = new Set<number>();
  for (const expression of expressions) {
    for (const [, raw, double, single, number] of expression.matchAll(literals)) {
      const quoted = double ?? single;
      if (quoted !== undefined) texts.add(raw === "" ? unescaped(quoted) : quoted);
      if (number !== undefined) numbers.add(Number(number));
    }
  }
  return { texts: [...texts].slice(0, maxHints), numbers: [...numbers].slice(0, maxHints) };
}

/** Names of the fields that an expression reads: `this.end` is `end`. */
export function fieldsIn(expression: string): string[] {
  return [...expression.matchAll(/\bthis\.(\w+)/g)].map(([, name = ""]) => name);
}

const maxHints = 50;

const literals =
  /((?<!\w)[rRbB]|)(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')|(?<![\w.])(-?\d+(?:\.\d+)?)/g;

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => ({ n: "\n", t: "\t" })[char] ?? char);
}
