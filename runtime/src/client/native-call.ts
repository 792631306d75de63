import type {
  ChannelInterface,
  InterceptingListener,
  Metadata,
  StatusObject,
  status,
} from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";

/** Receives the events of a native call. */
export interface CallListener extends InterceptingListener {
  /** Code that is not ours, such as a native interceptor, has thrown. No further event follows. */
  onError(error: unknown): void;
}

/**
 * A call of grpc-js, with or without native interceptors. It buffers one message to send: send the
 * next one after the callback of the last.
 */
export interface NativeCall {
  start(metadata: Metadata, listener: CallListener): void;
  /** @param message the result of `MethodPlan.encode` */
  sendMessageWithContext(context: { callback?: () => void }, message: unknown): void;
  startRead(): void;
  halfClose(): void;
  cancelWithStatus(code: status, details: string): void;
  getPeer(): string;
}

/** Starts a call that drops its reference to `listener` when it is over. */
export function startCall(call: NativeCall, metadata: Metadata, listener: CallListener): void {
  call.start(metadata, new ReleasingListener(listener));
}

/**
 * Forwards events until the call is over, and then drops its reference to the listener.
 *
 * Ended calls stay reachable for a while, together with their listeners: Node keeps their streams
 * in a `Map` whose outgrown tables survive in the old generation. Keeping all that the
 * listeners refer to costs an eighth of the throughput of unary calls.
 */
class ReleasingListener implements CallListener {
  #listener: CallListener | undefined;

  constructor(listener: CallListener) {
    this.#listener = listener;
  }

  onReceiveMetadata(header: Metadata): void {
    this.#listener?.onReceiveMetadata(header);
  }

  onReceiveMessage(message: unknown): void {
    this.#listener?.onReceiveMessage(message);
  }

  onReceiveStatus(ended: StatusObject): void {
    this.#release()?.onReceiveStatus(ended);
  }

  onError(error: unknown): void {
    this.#release()?.onError(error);
  }

  #release(): CallListener | undefined {
    const listener = this.#listener;
    this.#listener = undefined;
    return listener;
  }
}

/** A call of a channel, below all interceptors: its messages are bytes. */
export type ChannelCall = ReturnType<ChannelInterface["createCall"]>;

type CallParameters = Parameters<ChannelInterface["createCall"]>;

/** @throws GrpcError UNAVAILABLE when the channel is closed. */
export function createChannelCall(
  channel: ChannelInterface,
  path: string,
  deadline: CallParameters[1],
  host: CallParameters[2] = null,
  parent: CallParameters[3] = null,
  propagate: CallParameters[4] = null,
): ChannelCall {
  try {
    return channel.createCall(path, deadline, host, parent, propagate);
  } catch (cause) {
    throw new GrpcError("UNAVAILABLE", "the channel is closed", { cause });
  }
}
