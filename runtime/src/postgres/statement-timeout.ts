import type { DatabaseCall } from "./call.ts";

/** Few values, so that a connection seldom has to be told another one. */
const steps = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

/**
 * The time limit of a statement for the database itself: when nobody is left to cancel it. A little more
 * than the rest of the call's time, which ends it first.
 *
 * @param maxMs of any statement
 * @returns milliseconds
 */
export function statementTimeoutOf({ deadline }: DatabaseCall, maxMs: number): number {
  if (deadline === undefined) return maxMs;
  const leftMs = deadline.getTime() - Date.now();
  return Math.min(maxMs, steps.find((step) => step >= leftMs) ?? maxMs);
}
