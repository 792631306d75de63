/**
 * Text from outside (file names, compiler messages, arguments) made harmless for a terminal: one
 * line, no escape sequences, no control or direction-changing characters.
 */
export function printable(text: string): string {
  return text
    .replace(ansiEscape, "")
    .replace(/\s*[\r\n\u2028\u2029]+\s*/g, " ")
    .replace(invisible, "\uFFFD");
}

/** The same for text that may have several lines and come in parts: line ends stay. */
export function printableLines(text: string): string {
  return text
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 ? part : part.replace(invisible, "\uFFFD")))
    .join("");
}

/** Colours, cursor movements and titles: CSI and OSC sequences, then any other escape. */
const ansiEscape = new RegExp(
  ["\\[[0-?]*[ -/]*[@-~]", "\\][^\\x07]*\\x07", "[@-Z\\\\-_]"]
    .map((rest) => `\\x1b${rest}`)
    .join("|"),
  "g",
);

/** Control characters except the tab, and marks that change the direction of text. */
const invisible = /(?!\t)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
