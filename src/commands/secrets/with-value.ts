import { parseEnv } from "node:util";

/**
 * Sets a variable in the text of `.env`: in its last line, as the last one counts; in a line that is
 * commented out only if there is no other; or else in a new line at the end.
 */
export function withValue(text: string, name: string, value: string): string {
  const assignment = `${name}[ \\t]*=[^\\r\\n]*$`;
  const found =
    lastMatch(text, `^[ \\t]*(?:export[ \\t]+)?${assignment}`) ??
    lastMatch(text, `^[ \\t]*#[# \\t]*${assignment}`);
  if (found !== undefined) {
    const after = text.slice(found.index + found[0].length);
    const replaced = `${text.slice(0, found.index)}${name}=${value}${after}`;
    // Otherwise the line is a part of another value, in quotes.
    if (parseEnv(replaced)[name] === value) return replaced;
  }
  return `${text && `${text.trimEnd()}\n`}${name}=${value}\n`;
}

function lastMatch(text: string, pattern: string): RegExpExecArray | undefined {
  return [...text.matchAll(new RegExp(pattern, "gm"))].at(-1);
}
