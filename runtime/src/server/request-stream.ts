import type { Readable } from "node:stream";
import { GrpcError } from "../error.ts";
import type { ServerStream } from "../grpc-js-internals/server-stream.ts";
import type { RequestBudget, Reservation } from "./request-budget.ts";
import { RequestFrames } from "./request-frames.ts";

/** Bytes that may be read ahead of the handler. More than that stays in HTTP/2's windows. */
const readAheadBytes = 64 * 1024;

/** Receives the events of a request stream: the first three of a `CallListener`. */
interface RequestListener {
  onMessage(request: Buffer): void;
  onHalfClose(): void;
  onIllegalRequest(error: GrpcError): void;
}

/** The requests of a call, read from its HTTP/2 stream. */
export class RequestStream {
  readonly #stream: Readable;
  readonly #frames: RequestFrames;
  readonly #listener: RequestListener;
  readonly #session: object;
  readonly #budget: RequestBudget;
  /** For a request that is larger than what may be read ahead, until it is complete. */
  #reservation: Reservation | undefined;
  #requested = false;
  #ended = false;
  #over = false;

  /** @param source paused, without another reader */
  constructor(
    { stream, session, maxMessageBytes }: ServerStream,
    listener: RequestListener,
    budget: RequestBudget,
  ) {
    this.#stream = stream;
    this.#session = session;
    this.#budget = budget;
    this.#frames = new RequestFrames(maxMessageBytes);
    this.#listener = listener;
    stream.on("data", (bytes: Buffer) => this.#add(bytes));
    stream.on("end", () => this.#end());
  }

  /**
   * Requests one message, or the end. If it has arrived already, the listener is called at once.
   */
  read(): void {
    this.#requested = true;
    this.#take();
    if (!this.#requested) return;
    if (this.#ended) this.#notifyEnd();
    else if (this.#reservation?.isGranted !== false) this.#stream.resume();
  }

  /** To be called when the call is over: later bytes are dropped. */
  stop(): void {
    this.#over = true;
    this.#frames.clear();
    this.#release();
  }

  #add(bytes: Buffer): void {
    if (this.#over) return;
    this.#frames.add(bytes);
    if (this.#requested) this.#take();
    if (this.#frames.size < readAheadBytes || this.#over) return;
    if (!this.#requested || !this.#mayGrow()) this.#stream.pause();
  }

  /** Whether there is memory for the rest of a large request. If not, reading goes on later. */
  #mayGrow(): boolean {
    this.#reservation ??= this.#budget.reserve(this.#session, this.#frames.nextSize() ?? 0, () =>
      this.#stream.resume(),
    );
    return this.#reservation.isGranted;
  }

  #release(): void {
    const reservation = this.#reservation;
    this.#reservation = undefined;
    reservation?.release();
  }

  #end(): void {
    this.#ended = true;
    if (this.#requested) this.#notifyEnd();
  }

  #notifyEnd(): void {
    if (this.#over) return;
    if (this.#frames.size > 0) this.#listener.onIllegalRequest(requestCutOff());
    else this.#listener.onHalfClose();
  }

  #take(): void {
    const message = this.#takeLegal();
    if (message === undefined) return;
    this.#release();
    this.#requested = false;
    this.#listener.onMessage(message);
  }

  #takeLegal(): Buffer | undefined {
    try {
      return this.#frames.take();
    } catch (error) {
      this.stop();
      this.#listener.onIllegalRequest(GrpcError.from(error));
      return undefined;
    }
  }
}

/** The error of a call whose requests ended in the middle of a message. */
export function requestCutOff(): GrpcError {
  return new GrpcError("INTERNAL", "the last request message is cut off");
}
