import { GrpcError, type StatusCode } from "../gen/runtime/index.ts";

/**
 * Runs the inner layers and tells how the call ended, whether with OK or not; a failure goes on to the
 * layer outside.
 *
 * @param tell what it throws fails the call
 */
export async function untilEnd(
  next: () => Promise<void>,
  tell: (code: StatusCode | "OK", durationMs: number) => void,
): Promise<void> {
  const start = performance.now();
  let code: StatusCode | "OK" = "OK";
  try {
    await next();
  } catch (error) {
    code = GrpcError.from(error).code;
    throw error;
  } finally {
    tell(code, performance.now() - start);
  }
}

/** To two digits: what is beyond is noise. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 100) / 100;
}
