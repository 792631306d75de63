import type { Readable } from "node:stream";
import type { CallListener } from "./native-call.ts";

/** The requests of a call object of grpc-js. */
export interface PlainRequests {
  /** Requests one message. The result is one event of the call's `CallListener`. */
  read(): void;
}

/** The request of a unary or server streaming call, which the call object already has. */
export class OnePlainRequest implements PlainRequests {
  readonly #request: unknown;
  readonly #listener: CallListener;
  #taken = false;

  constructor(request: unknown, listener: CallListener) {
    this.#request = request;
    this.#listener = listener;
  }

  read(): void {
    if (this.#taken) {
      this.#listener.onHalfClose();
      return;
    }
    this.#taken = true;
    this.#listener.onMessage(this.#request);
  }
}

/**
 * The requests of a client streaming or bidirectional call. It does not use the stream's own
 * iterator, which destroys the call when a loop over it ends early.
 */
export class PlainRequestStream implements PlainRequests {
  readonly #stream: Readable;
  readonly #listener: CallListener;
  #requested = false;

  constructor(stream: Readable, listener: CallListener) {
    this.#stream = stream;
    this.#listener = listener;
    stream.on("readable", () => this.#take());
    stream.on("end", () => listener.onHalfClose());
  }

  read(): void {
    this.#requested = true;
    this.#take();
  }

  #take(): void {
    if (!this.#requested) return;
    const request: unknown = this.#stream.read();
    if (request === null) return;
    this.#requested = false;
    this.#listener.onMessage(request);
  }
}
