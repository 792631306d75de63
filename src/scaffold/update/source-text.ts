/**
 * Replaces comments and strings in TypeScript by spaces, so that the remaining brackets and names are
 * code. Indices stay the same. This is good enough to find where to insert a line. Where it is not, such
 * as for a regular expression with a quote, the search fails and the file is not changed.
 */
export function maskText(text: string): string {
  return text.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g,
    (match) => match.replace(/[^\n]/g, " "),
  );
}

/** Source of a regular expression that matches a name. */
export function namePattern(name: string): string {
  return name.replaceAll("$", "\\$");
}

/** Index of the first use of a name in a text, or -1. It is not found inside a longer name. */
export function indexOfName(text: string, name: string): number {
  return text.search(new RegExp(`(?<![\\w$])${namePattern(name)}(?![\\w$])`));
}

/** Index of the bracket that closes the one at `open` in masked text, or -1. */
export function closingBracket(masked: string, open: number): number {
  let depth = 0;
  for (let index = open; index < masked.length; index++) {
    if ("([{".includes(masked.charAt(index))) depth++;
    else if (")]}".includes(masked.charAt(index)) && --depth === 0) return index;
  }
  return -1;
}

/** Start indices of the comma-separated items between two brackets of masked text. */
export function itemStarts(masked: string, open: number, close: number): number[] {
  const starts: number[] = [];
  let depth = 0;
  let expecting = true;
  for (let index = open + 1; index < close; index++) {
    const char = masked.charAt(index);
    if (expecting && /\S/.test(char)) {
      starts.push(index);
      expecting = false;
    }
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (char === "," && depth === 0) expecting = true;
  }
  return starts;
}

/** Adds lines before the closing bracket at `close`, and a comma after the last item if it is missing. */
export function insertBeforeBracket(
  text: string,
  masked: string,
  open: number,
  close: number,
  lines: readonly string[],
): string {
  const lastCode = masked.slice(0, close).trimEnd().length;
  const comma = lastCode === open + 1 || masked[lastCode - 1] === "," ? "" : ",";
  const lineStart = masked.lastIndexOf("\n", close) + 1;
  const bracketIsAlone = lineStart > lastCode;
  const at = bracketIsAlone ? lineStart : close;
  const eol = lineEnding(text);
  const added = lines.map((line) => line.replaceAll("\n", eol) + eol).join("");
  const head = text.slice(0, lastCode) + comma + text.slice(lastCode, at);
  return head + (bracketIsAlone ? "" : eol) + added + text.slice(at);
}

/** The line ending of a file. */
export function lineEnding(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
