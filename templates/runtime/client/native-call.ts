import { type InterceptingListener, type Metadata, status } from "@grpc/grpc-js";

/** Told of what a call brings back. */
export interface CallListener extends InterceptingListener {
  /** Code on the way, which is not ours, has thrown: the call is over and will tell nothing more. */
  abandon(error: unknown): void;
}

/**
 * A call of grpc-js, with or without its interceptors. It holds one message that waits to be sent:
 * send the next one after the callback of the last.
 */
export interface NativeCall {
  start(metadata: Metadata, listener: CallListener): void;
  /** @param message what `ClientPlan.encode` made */
  sendMessageWithContext(context: { callback?: () => void }, message: unknown): void;
  startRead(): void;
  halfClose(): void;
  cancelWithStatus(code: status, details: string): void;
  getPeer(): string;
}

export function cancelCall(call: Pick<NativeCall, "cancelWithStatus">): void {
  call.cancelWithStatus(status.CANCELLED, "cancelled by the client");
}
