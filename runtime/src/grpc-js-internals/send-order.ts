import { ServerInterceptingCall, type ServerInterceptingCallInterface } from "@grpc/grpc-js";

/**
 * Whether messages and the status may be sent to `call` one after the other, without waiting for
 * the callback of each message.
 *
 * grpc-js' innermost call writes them to its stream in order. A `ServerInterceptingCall`, which
 * stands for a native interceptor, has one slot for a pending message and loses a status sent
 * behind it. This is undocumented. Fall-back for any `ServerInterceptingCall`: false, and the
 * sender waits for each callback.
 */
export function sendsInOrder(call: ServerInterceptingCallInterface): boolean {
  return !(call instanceof ServerInterceptingCall);
}
