/**
 * Whether a version is one that package.json asks for: `1.2.3`, `^1.2.3` or `>=1.2`. Undefined for
 * whatever else may stand there, such as a folder or a URL.
 */
export function satisfies(version: string, range: string): boolean | undefined {
  const match = /^(\^|>=)?(\d+(?:\.\d+){0,2})$/.exec(range);
  if (match === null) return undefined;
  const [, operator, text = ""] = match;
  const wanted = numbers(text);
  const found = numbers(version);
  const difference = compare(found, wanted);
  if (operator === undefined) return difference === 0;
  if (operator === ">=") return difference >= 0;
  // The first number that is not zero must stay.
  const kept = wanted.findIndex((number) => number > 0) + 1;
  return difference >= 0 && compare(found.slice(0, kept), wanted.slice(0, kept)) === 0;
}

function numbers(version: string): number[] {
  const [core = ""] = version.replace(/^v/, "").split(/[-+]/, 1);
  const parts = core.split(".").map(Number);
  return [0, 1, 2].map((index) => parts[index] ?? 0);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((number, at) => number !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
