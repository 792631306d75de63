import { GrpcError, type StatusCode } from "../gen/runtime/index.ts";

/**
 * Runs the inner layers and tells how the call ended, whether with OK or not; a failure goes on to the
 * layer outside.
 *
 * @param tell what it throws fails the call; `text` is that of the status, and may hold personal data
 */
export async function untilEnd(
  next: () => Promise<void>,
  tell: (code: StatusCode | "OK", durationMs: number, text: string | undefined) => void,
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
    tell(code, performance.now() - start, text);
  }
}

/** To two digits: what is beyond is noise. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 100) / 100;
}
