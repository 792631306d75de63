import type { InterceptingListener, Metadata } from "@grpc/grpc-js";
import type { ChannelCall } from "./open-call.ts";

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
      onReceiveStatus: (status) => {
        if (running) this.#count(-1);
        running = false;
        listener.onReceiveStatus(status);
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
