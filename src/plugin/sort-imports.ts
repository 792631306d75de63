export function isImport(line: string): boolean {
  return line.startsWith("import ");
}

/** Sorts import statements of one line each, and the names in them, as biome's organizeImports does. */
export function sortImports(lines: readonly string[]): string[] {
  return sortNaturally(lines.map(sortNames), sortKey);
}

/** Packages come first, then the farthest directories; types before values of the same module. */
function sortKey(line: string): string {
  const path = /"(.*)"/.exec(line)?.[1] ?? "";
  const up = path.startsWith(".")
    ? path.split("/").filter((segment) => segment === "..").length
    : 999;
  return `${String(999 - up).padStart(3, "0")}/${path}/${line.startsWith("import type ") ? 0 : 1}`;
}

function sortNames(line: string): string {
  return line.replace(/\{ (.*) \}/, (_, names: string) => {
    return `{ ${sortNaturally(names.split(", "), (name) => name).join(", ")} }`;
  });
}

/** Punctuation, numbers by value, then `A` `a` `B` `b`. */
function sortNaturally(texts: readonly string[], keyOf: (text: string) => string): string[] {
  const keyed = texts.map((text) => ({ text, tokens: keyOf(text).match(/\d+|./gs) ?? [] }));
  return keyed.sort((a, b) => compareTokens(a.tokens, b.tokens)).map(({ text }) => text);
}

function compareTokens(left: readonly string[], right: readonly string[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const a = left[i] ?? "";
    const b = right[i] ?? "";
    const order = a === b ? 0 : compareToken(a, b);
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

const punctuation = " /#=&@._-+%$(~'";

function compareToken(a: string, b: string): number {
  const order = tokenClass(a) - tokenClass(b);
  if (order !== 0) {
    return order;
  }
  if (/^\d/.test(a)) {
    return a.length - b.length || compareCodes(a, b);
  }
  if (tokenClass(a) === 2) {
    return compareCodes(a.toLowerCase(), b.toLowerCase()) || compareCodes(a, b);
  }
  return punctuation.indexOf(a) - punctuation.indexOf(b) || compareCodes(a, b);
}

function tokenClass(token: string): number {
  return /^\d/.test(token) ? 1 : /^[a-z\u0080-\uffff]/i.test(token) ? 2 : 0;
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
