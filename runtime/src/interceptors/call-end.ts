import { GrpcError } from "../error.ts";
import type { StatusCode } from "../status-code.ts";

/**
 * Runs the inner interceptors and the handler, then reports how the call ended. A failure is passed on.
 *
 * @param report if it throws, the call fails; `failure` is what the call failed with
 */
export async function onCallEnd(
  next: () => Promise<void>,
  report: (code: StatusCode | "OK", durationMs: number, failure: GrpcError | undefined) => void,
): Promise<void> {
  const start = performance.now();
  let failure: GrpcError | undefined;
  try {
    await next();
  } catch (error) {
    failure = GrpcError.from(error);
    throw error;
  } finally {
    report(failure?.code ?? "OK", performance.now() - start, failure);
  }
}

/** Rounds to two decimals. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 100) / 100;
}
