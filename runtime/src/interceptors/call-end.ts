import { GrpcError } from "../error.ts";
import type { After } from "../interceptor.ts";
import type { StatusCode } from "../status-code.ts";

/**
 * What a layer does at last that reports how the call ended. The time runs from now on.
 *
 * @param report if it throws, the call fails; `failure` is what the call failed with
 */
export function onCallEnd(
  report: (code: StatusCode | "OK", durationMs: number, failure: GrpcError | undefined) => void,
): After {
  const start = performance.now();
  return (error) => {
    const failure = error === undefined ? undefined : GrpcError.from(error);
    report(failure?.code ?? "OK", performance.now() - start, failure);
  };
}

/** Rounds to two decimals. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 100) / 100;
}
