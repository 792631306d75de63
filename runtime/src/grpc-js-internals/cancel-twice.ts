import { status } from "@grpc/grpc-js";

/** A call of grpc-js on a client. */
export interface Cancellable {
  cancelWithStatus(code: status, details: string): void;
}

/** Cancels a call of grpc-js. */
export function cancelCall(call: Cancellable): void {
  call.cancelWithStatus(status.CANCELLED, "cancelled by the client");
}

/**
 * Cancels a call of grpc-js now and once more in the next turn of the event loop.
 *
 * A call that is cancelled in the turn of its start ends for the client, but grpc-js opens its
 * HTTP/2 stream afterwards all the same and never resets it. Cancelling a call that is over does
 * nothing, so the second time is harmless where grpc-js does not need it.
 */
export function cancelTwice(call: Cancellable): void {
  cancelCall(call);
  setImmediate(cancelCall, call);
}
