/**
 * Invisible and misleading characters: controls except tab and line feed, invisible and bidirectional
 * marks, line separators of JavaScript, byte order marks, halves of surrogate pairs.
 */
const invisible =
  /(?![\t\n])[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Comments that tools read as directives, at the start of a line. */
const directive = /^([ \t]*)(@ts-|@jsx|@flow|@noflow|eslint-|biome-ignore|prettier-ignore)/gm;

/** Text that would make `//` a directive: `//#`, `//@` and `///`. */
const directiveStart = /^[#@/]/gm;

/**
 * Makes untrusted text safe in a comment or on a terminal: invisible characters are escaped (`\u202e`)
 * and directives become plain text. Idempotent, and linear in the size of the text.
 */
export function neutralise(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(
      invisible,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .replace(directive, "$1\\$2")
    .replace(directiveStart, " $&")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
