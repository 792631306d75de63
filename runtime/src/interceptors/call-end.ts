import { GrpcError } from "../error.ts";
import type { StatusCode } from "../status-code.ts";

/**
 * Runs the inner interceptors and the handler, then reports how the call ended. A failure is passed on.
 *
 * @param report if it throws, the call fails; `text` is the text of the status and may hold personal data
 */
export async function onCallEnd(
  next: () => Promise<void>,
  report: (code: StatusCode | "OK", durationMs: number, text: string | undefined) => void,
): Promise<void> {
  const start = performance.now();
  let code: StatusCode | "OK" = "OK";
  let text: string | undefined;
  try {
    await next();
  } catch (error) {
    ({ code, rawMessage: text } = GrpcError.from(error));
    throw error;
  } finally {
    report(code, performance.now() - start, text);
  }
}

/** Rounds to two decimals. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 100) / 100;
}
