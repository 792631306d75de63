import {
  type ChannelInterface,
  type InterceptingListener,
  type Metadata,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";

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

/** Starts a call that keeps `listener` only until it is over. */
export function startCall(call: NativeCall, metadata: Metadata, listener: CallListener): void {
  call.start(metadata, new ReleasingListener(listener));
}

export function cancelCall(call: Pick<NativeCall, "cancelWithStatus">): void {
  call.cancelWithStatus(status.CANCELLED, "cancelled by the client");
}

/**
 * Listens for another until the call is over, and then lets go of it. Calls that have ended live on
 * for a while, with whoever listens to them: Node keeps their streams in a `Map`, whose outgrown
 * tables wait in the old generation. What hangs on them is an eighth of what unary calls cost.
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

  abandon(error: unknown): void {
    this.#release()?.abandon(error);
  }

  #release(): CallListener | undefined {
    const listener = this.#listener;
    this.#listener = undefined;
    return listener;
  }
}

/** A call of a channel, below any interceptor: it takes and brings bytes. */
export type ChannelCall = ReturnType<ChannelInterface["createCall"]>;

type CallParameters = Parameters<ChannelInterface["createCall"]>;

/** @throws GrpcError UNAVAILABLE when the channel is closed. */
export function openCall(
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

/** A call that counts as long as it runs. */
export class PooledCall implements ChannelCall {
  /** The call of the channel that was chosen. */
  readonly inner: ChannelCall;
  readonly #count: (change: 1 | -1) => void;

  constructor(call: ChannelCall, count: (change: 1 | -1) => void) {
    this.inner = call;
    this.#count = count;
  }

  start(metadata: Metadata, listener: InterceptingListener): void {
    this.#count(1);
    let running = true;
    this.inner.start(metadata, {
      onReceiveMetadata: (header) => listener.onReceiveMetadata(header),
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveStatus: (ended) => {
        if (running) this.#count(-1);
        running = false;
        listener.onReceiveStatus(ended);
      },
    });
  }

  sendMessageWithContext(...parameters: Parameters<ChannelCall["sendMessageWithContext"]>): void {
    this.inner.sendMessageWithContext(...parameters);
  }

  startRead(): void {
    this.inner.startRead();
  }

  halfClose(): void {
    this.inner.halfClose();
  }

  cancelWithStatus(...parameters: Parameters<ChannelCall["cancelWithStatus"]>): void {
    this.inner.cancelWithStatus(...parameters);
  }

  setCredentials(...parameters: Parameters<ChannelCall["setCredentials"]>): void {
    this.inner.setCredentials(...parameters);
  }

  getPeer(): string {
    return this.inner.getPeer();
  }

  getCallNumber(): number {
    return this.inner.getCallNumber();
  }

  getAuthContext(): ReturnType<ChannelCall["getAuthContext"]> {
    return this.inner.getAuthContext();
  }
}
