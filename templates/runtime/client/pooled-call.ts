import type { InterceptingListener, Metadata } from "@grpc/grpc-js";
import type { ChannelCall } from "./open-call.ts";

/** A call that counts as long as it runs. */
export class PooledCall implements ChannelCall {
  readonly #call: ChannelCall;
  readonly #count: (change: 1 | -1) => void;

  constructor(call: ChannelCall, count: (change: 1 | -1) => void) {
    this.#call = call;
    this.#count = count;
  }

  start(metadata: Metadata, listener: InterceptingListener): void {
    this.#count(1);
    let running = true;
    this.#call.start(metadata, {
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
    this.#call.sendMessageWithContext(...parameters);
  }

  startRead(): void {
    this.#call.startRead();
  }

  halfClose(): void {
    this.#call.halfClose();
  }

  cancelWithStatus(...parameters: Parameters<ChannelCall["cancelWithStatus"]>): void {
    this.#call.cancelWithStatus(...parameters);
  }

  setCredentials(...parameters: Parameters<ChannelCall["setCredentials"]>): void {
    this.#call.setCredentials(...parameters);
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getCallNumber(): number {
    return this.#call.getCallNumber();
  }

  getAuthContext(): ReturnType<ChannelCall["getAuthContext"]> {
    return this.#call.getAuthContext();
  }
}
