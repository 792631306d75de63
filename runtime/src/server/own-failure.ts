import { GrpcError, isReceived } from "../error.ts";

/**
 * What a call fails with whose handler or interceptor has thrown `error`. What another server told us
 * was for us: its "no such thing" and its "who are you?" are no answers to our own caller, who asked
 * for something else. Unhandled it is a fault of this server, and for `onError` to report. Only of what
 * may be over soon our callers learn as much: they may try again.
 */
export function ownFailure(error: unknown): unknown {
  if (!isReceived(error)) return error;
  const { code, message } = GrpcError.from(error);
  if (code === "UNAVAILABLE") {
    return new GrpcError(code, "a service behind this one is unavailable", { cause: error });
  }
  if (code === "DEADLINE_EXCEEDED") {
    return new GrpcError(code, "a service behind this one took too long", { cause: error });
  }
  return new Error(`unhandled: ${message}`, { cause: error });
}
