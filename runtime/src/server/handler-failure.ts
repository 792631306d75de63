import { GrpcError, isReceived } from "../error.ts";

/**
 * The failure of a call whose handler or interceptor threw `error`.
 *
 * Usually that is `error` itself. The status of a downstream call is different: its NOT_FOUND or
 * UNAUTHENTICATED is about our request, not about that of our caller. A handler that does not handle
 * it has a bug, which `onError` reports. Only UNAVAILABLE and DEADLINE_EXCEEDED are passed on,
 * without details, since callers may retry.
 */
export function handlerFailure(error: unknown): unknown {
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
