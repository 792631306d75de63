/**
 * The longest timeout that all of grpc-js handles, almost 25 days: its server parses timeouts to
 * 32-bit integers of milliseconds, and long ones are sent rounded up to seconds.
 */
export const maxTimeoutMs = 2_147_480_000;

/** A time for a timer: Node fires one that is longer than it can hold at once. */
export function timerMs(ms: number): number {
  return Math.min(ms, maxTimeoutMs);
}

/**
 * The deadline of a call; undefined if it has none.
 *
 * @param timeoutMs milliseconds from now; 0 means no limit
 * @param deadline point in time; the earlier of the two counts
 * @throws RangeError when one of them is invalid.
 */
export function deadlineOf(timeoutMs: number, deadline: Date | undefined): Date | undefined {
  if (Number.isNaN(timeoutMs) || timeoutMs < 0) {
    throw new RangeError(`timeoutMs must be 0 or more, not ${timeoutMs}`);
  }
  if (timeoutMs === 0 && deadline === undefined) return undefined;
  const ends = Date.now() + (timeoutMs === 0 ? maxTimeoutMs : Math.min(timeoutMs, maxTimeoutMs));
  if (deadline === undefined) return new Date(ends);
  if (Number.isNaN(deadline.getTime())) throw new RangeError("deadline is not a valid date");
  return new Date(Math.min(ends, deadline.getTime()));
}

/** The deadline that grpc-js reports; undefined if it is infinite. */
export function receivedDeadline(deadline: Date | number): Date | undefined {
  if (deadline instanceof Date) return deadline;
  return Number.isFinite(deadline) ? new Date(deadline) : undefined;
}
