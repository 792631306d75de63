import { GrpcError } from "../error.ts";
import type { MethodDefinition } from "../method.ts";
import { errorStatus, type WireStatus } from "../status.ts";
import type { ServerCallState } from "./server-call-state.ts";

/**
 * The status of a failed call, with its trailers. Headers that were not sent become trailers, where
 * clients look when they handle an error.
 *
 * @param onIllegal called if `error` cannot be sent, for example with malformed details
 */
export function failureStatus(
  error: GrpcError,
  call: ServerCallState,
  onIllegal: (cause: unknown) => void,
): WireStatus {
  const header = call.headersSent ? undefined : call.header?.toMetadata();
  try {
    return errorStatus(error, call.trailer, header);
  } catch (cause) {
    onIllegal(cause);
    return errorStatus(GrpcError.from(cause));
  }
}

/**
 * Whether the headers of a failed call are sent before its status: streams send theirs in any case.
 * Not for UNAVAILABLE, since clients do not retry once they have received headers.
 */
export function sendsHeaderWith(
  { code }: GrpcError,
  { header }: ServerCallState,
  { responseStream }: MethodDefinition,
): boolean {
  return responseStream && header !== undefined && code !== "UNAVAILABLE";
}

/** The reason why a call ended before the server ended it: its deadline, or the caller. */
export function cancelledOrLate(deadline: Date | undefined): GrpcError {
  // By the wall clock, timers may fire a millisecond early.
  const late = deadline !== undefined && deadline.getTime() <= Date.now() + 1;
  return late ? deadlineExceeded() : new GrpcError("CANCELLED", "the caller has left");
}

export function deadlineExceeded(): GrpcError {
  return new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded");
}
