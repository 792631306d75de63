/** Editors and shells of Windows put a byte order mark in front of a text. */
export function withoutBom(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
