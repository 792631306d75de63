import { GrpcError } from "../error.ts";
import type { OpenCalls } from "./open-calls.ts";

/** So many looks at the calls in one timeout: it is overrun by an eighth at most. */
const ticks = 8;

/**
 * Ends calls whose only request does not arrive. One timer looks at all of them: a timer for each
 * would cost more than the rest of this runtime does for a unary call.
 *
 * @param timeoutMs 0 for no limit
 * @returns ends the watch
 */
export function watchRequests(openCalls: OpenCalls, timeoutMs: number): () => void {
  if (timeoutMs === 0) return () => {};
  const late = new GrpcError("DEADLINE_EXCEEDED", "the request did not arrive in time");
  const timer = setInterval(() => openCalls.age(ticks, late), timeoutMs / ticks);
  timer.unref();
  return () => clearInterval(timer);
}
