import { GrpcError } from "./gen/runtime/index.ts";

/**
 * What went wrong, in one line, for logs and terminals. A connection that is refused has a code and no
 * message; a `GrpcError` with a cause says little, as its text is for callers.
 */
export function reason(error: unknown): string {
  if (error instanceof GrpcError && error.cause !== undefined) return reason(error.cause);
  if (!(error instanceof Error)) return String(error);
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  return text.split("\n", 1)[0] ?? "";
}
