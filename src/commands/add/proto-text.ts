/**
 * Replaces the comments and strings of a .proto file by spaces, so that the remaining brackets and names
 * are code. Indices stay the same.
 */
export function maskText(text: string): string {
  return text.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    (match) => match.replace(/[^\n]/g, " "),
  );
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
