import { GrpcError } from "../error.ts";

/**
 * What went wrong, in one line, for logs and terminals. A refused connection has a code and no message;
 * a `GrpcError` with a cause shows the cause, as its own text is for callers.
 */
export function reason(error: unknown): string {
  if (error instanceof GrpcError && error.cause !== undefined) return reason(error.cause);
  if (!(error instanceof Error)) return String(error);
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  return text.split("\n", 1)[0] ?? "";
}
