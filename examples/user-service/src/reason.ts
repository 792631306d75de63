/** What went wrong, in one line. A connection that is refused has a code and no message. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  return text.split("\n", 1)[0] ?? "";
}
