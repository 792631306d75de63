/** The line ending of a text of the user. */
export function lineEnding(text: string): "\n" | "\r\n" {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** The text with the line ending of another one. */
export function withLineEndingOf(model: string, text: string): string {
  return lineEnding(model) === "\n" ? text : text.replace(/\r?\n/g, "\r\n");
}
