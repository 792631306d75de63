import type { Readable } from "node:stream";
import type { ServerCallEvents } from "./transport.ts";

/** Where the requests of grpc-js' own call objects come from. */
export interface NativeRequests {
  read(): void;
}

/** The request of a unary or server streaming call, which the call object brings along. */
export class OneNativeRequest implements NativeRequests {
  readonly #request: unknown;
  readonly #events: ServerCallEvents;
  #taken = false;

  constructor(request: unknown, events: ServerCallEvents) {
    this.#request = request;
    this.#events = events;
  }

  read(): void {
    if (this.#taken) {
      this.#events.onHalfClose();
      return;
    }
    this.#taken = true;
    this.#events.onMessage(this.#request);
  }
}

/**
 * The requests of a client streaming or bidirectional call. Not the stream's own iterator: leaving
 * that one early destroys the call.
 */
export class NativeRequestStream implements NativeRequests {
  readonly #stream: Readable;
  readonly #events: ServerCallEvents;
  #wanted = false;

  constructor(stream: Readable, events: ServerCallEvents) {
    this.#stream = stream;
    this.#events = events;
    stream.on("readable", () => this.#take());
    stream.on("end", () => events.onHalfClose());
  }

  read(): void {
    this.#wanted = true;
    this.#take();
  }

  #take(): void {
    if (!this.#wanted) return;
    const request: unknown = this.#stream.read();
    if (request === null) return;
    this.#wanted = false;
    this.#events.onMessage(request);
  }
}
