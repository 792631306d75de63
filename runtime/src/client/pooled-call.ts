import type { InterceptingListener, Metadata } from "@grpc/grpc-js";
import type { ChannelCall, NativeCall } from "./native-call.ts";

/** A call of a channel in a pool, which is counted while it runs. */
export class PooledCall implements ChannelCall {
  /** The call of the chosen channel. */
  readonly inner: ChannelCall;
  readonly #count: (change: 1 | -1) => void;

  constructor(inner: ChannelCall, count: (change: 1 | -1) => void) {
    this.inner = inner;
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

/** `call` itself, or the call inside of it if it is a `PooledCall`. */
export function unpooled(call: NativeCall | ChannelCall): NativeCall | ChannelCall {
  return call instanceof PooledCall ? call.inner : call;
}
