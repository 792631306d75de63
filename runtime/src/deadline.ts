/**
 * The longest timeout that every part of grpc-js handles: its server reads timeouts as 32-bit
 * integers of milliseconds, and whole seconds are rounded up on the wire. Almost 25 days.
 */
export const maxTimeoutMs = 2_147_480_000;

/**
 * When a call must have ended.
 *
 * @param timeoutMs milliseconds from now; 0 means no deadline
 * @param deadline point in time; the earlier of both wins
 * @throws RangeError when one of them is not a time.
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

/** A deadline as grpc-js gives it; one that never comes is undefined. */
export function receivedDeadline(deadline: Date | number): Date | undefined {
  if (deadline instanceof Date) return deadline;
  return Number.isFinite(deadline) ? new Date(deadline) : undefined;
}
