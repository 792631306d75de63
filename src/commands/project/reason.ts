/**
 * What went wrong, in one line. A refused connection has a code and no message; a `GrpcError` with a
 * cause shows the cause, as its own message is for callers.
 */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return firstLine(String(error));
  if (error.name === "GrpcError" && error.cause !== undefined) return reason(error.cause);
  return firstLine(error.message || ("code" in error ? String(error.code) : error.name));
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

/** The line of an uncaught error that says what it is, in what a program of Node.js printed. */
export function errorLine(stderr: string): string | undefined {
  return stderr.split("\n").find((line) => /^\S*Error\b.*: /.test(line));
}
