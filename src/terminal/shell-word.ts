import { printable } from "./printable.ts";

/** A path as one word of a command line. */
export function shellWord(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
}
