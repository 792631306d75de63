import type { ServerDuplexStream, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import type { WireStatus } from "../status.ts";

/** The responses of a call object of grpc-js. */
export interface PlainResponses {
  /** Sends one response. If it returns a promise, await that before the next response. */
  send(response: unknown): Promise<void> | undefined;
  end(status: WireStatus): void;
  /** Resolves the pending promise of `send`, if any: the call is over. */
  release(): void;
}

/** The callback of a unary or client streaming call, which takes response and status together. */
export class OnePlainResponse implements PlainResponses {
  readonly #callback: sendUnaryData<unknown>;
  #response: unknown;

  constructor(callback: sendUnaryData<unknown>) {
    this.#callback = callback;
  }

  send(response: unknown): undefined {
    this.#response = response;
  }

  end({ code, details, metadata }: WireStatus): void {
    if (code === 0) this.#callback(null, this.#response, metadata);
    else this.#callback({ code, details }, null, metadata);
  }

  release(): void {}
}

type WritableCall = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** The writable side of a server streaming or bidirectional call. */
export class PlainResponseStream implements PlainResponses {
  readonly #call: WritableCall;
  #continue: (() => void) | undefined;

  constructor(call: WritableCall) {
    this.#call = call;
    call.on("drain", () => this.release());
  }

  send(response: unknown): Promise<void> | undefined {
    if (this.#call.write(response)) return undefined;
    return new Promise((resolve) => {
      this.#continue = resolve;
    });
  }

  end(status: WireStatus): void {
    if (status.code === 0) this.#call.end(status.metadata);
    else this.#call.emit("error", status);
  }

  release(): void {
    const resume = this.#continue;
    this.#continue = undefined;
    resume?.();
  }
}
