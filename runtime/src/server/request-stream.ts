import type { Readable } from "node:stream";
import { GrpcError } from "../error.ts";
import { hasEnded } from "../grpc-js-internals/ended-requests.ts";
import { releaseWhenClosed } from "../grpc-js-internals/ended-streams.ts";
import { CompressedRequest } from "./compressed-request.ts";
import type { RequestEncoding } from "./decompress.ts";
import type { RequestBudget, Reservation } from "./request-budget.ts";
import { RequestFrames } from "./request-frames.ts";

/** Bytes that may be read ahead of the handler. More than that stays in HTTP/2's windows. */
const readAheadBytes = 64 * 1024;

/** The HTTP/2 stream that carries the requests of a call. */
export interface RequestSource {
  readonly stream: Readable;
  /** The connection of the stream: a key for what is kept per connection. */
  readonly session: object;
  /** Size limit of a request in bytes; -1 means no limit. */
  readonly maxMessageBytes: number;
  /** Undefined: requests are not compressed. */
  readonly encoding: RequestEncoding | undefined;
  /** Whether the listener decompresses requests, when it needs them. */
  readonly isDecompressedLater: boolean;
}

/** Receives the events of a request stream: the first three of a `CallListener`. */
interface RequestListener {
  onMessage(request: Buffer | CompressedRequest): void;
  onHalfClose(): void;
  onIllegalRequest(error: GrpcError): void;
}

/** The requests of a call, read from its HTTP/2 stream. */
export class RequestStream {
  readonly #source: RequestSource;
  readonly #frames: RequestFrames;
  readonly #listener: RequestListener;
  readonly #budget: RequestBudget;
  /** For a request that is larger than what may be read ahead, until it is complete. */
  #reservation: Reservation | undefined;
  /** `beginning`: what had arrived before is being looked at. */
  #state: "untouched" | "beginning" | "flowing" = "untouched";
  #requested = false;
  #ended = false;
  #over = false;

  /** @param source without another reader */
  constructor(source: RequestSource, listener: RequestListener, budget: RequestBudget) {
    const { maxMessageBytes, encoding } = source;
    this.#source = source;
    this.#budget = budget;
    this.#frames = new RequestFrames(maxMessageBytes, encoding !== undefined);
    this.#listener = listener;
  }

  /**
   * Requests one message, or the end. If it has arrived already, the listener is called at once.
   */
  read(): void {
    this.#requested = true;
    this.#take();
    if (!this.#requested) return;
    if (this.#ended) this.#notifyEnd();
    else if (this.#state === "untouched") this.#begin();
    else if (this.#state === "flowing" && this.#reservation?.isGranted !== false) {
      this.#source.stream.resume();
    }
  }

  /** To be called when the call is over: later bytes are dropped. */
  stop(): void {
    this.#over = true;
    this.#frames.clear();
    this.#release();
  }

  /** Usually all of a small request is there already. Then listeners would only cost time. */
  #begin(): void {
    this.#state = "beginning";
    const { stream } = this.#source;
    const bytes: Buffer | null = stream.read();
    const isAll = hasEnded(stream);
    if (bytes !== null) this.#add(bytes);
    this.#state = "flowing";
    if (this.#over) return;
    if (isAll) {
      this.#end();
      return;
    }
    releaseWhenClosed(stream);
    stream.on("end", () => this.#end());
    stream.on("data", (bytes: Buffer) => this.#add(bytes));
  }

  #add(bytes: Buffer): void {
    if (this.#over) return;
    this.#frames.add(bytes);
    if (this.#requested) this.#take();
    if (this.#frames.size < readAheadBytes || this.#over) return;
    if (!this.#requested || !this.#mayGrow()) this.#source.stream.pause();
  }

  /** Whether there is memory for the rest of a large request. If not, reading goes on later. */
  #mayGrow(): boolean {
    this.#reservation ??= this.#budget.reserve(
      this.#source.session,
      this.#frames.nextSize() ?? 0,
      () => this.#source.stream.resume(),
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
    const { encoding } = this.#source;
    if (!this.#frames.isCompressed || encoding === undefined) this.#listener.onMessage(message);
    else this.#takeCompressed(message, encoding);
  }

  #takeCompressed(bytes: Buffer, encoding: RequestEncoding): void {
    const { session, maxMessageBytes, isDecompressedLater } = this.#source;
    const isOver = () => this.#over;
    const request = new CompressedRequest(bytes, encoding, maxMessageBytes, session, isOver);
    if (isDecompressedLater) {
      this.#listener.onMessage(request);
      return;
    }
    request.decompressed().then(
      (message) => {
        if (!this.#over) this.#listener.onMessage(message);
      },
      (error: unknown) => this.#refuse(error),
    );
  }

  #takeLegal(): Buffer | undefined {
    try {
      return this.#frames.take();
    } catch (error) {
      this.#refuse(error);
      return undefined;
    }
  }

  #refuse(error: unknown): void {
    if (this.#over) return;
    this.stop();
    this.#listener.onIllegalRequest(GrpcError.from(error));
  }
}

/** The error of a call whose requests ended in the middle of a message. */
export function requestCutOff(): GrpcError {
  return new GrpcError("INTERNAL", "the last request message is cut off");
}
