import { Readable } from "node:stream";
import { GrpcError } from "../error.ts";
import { RequestFrames } from "./request-frames.ts";

/** So much may have been read and wait for the handler; what is more waits in HTTP/2's windows. */
const readAheadBytes = 64 * 1024;

/** What comes of reading the requests of a call. */
export interface RequestStreamEvents {
  onMessage(request: Buffer): void;
  onHalfClose(): void;
  /** What has arrived is nothing that a caller may send. */
  end(error: GrpcError): void;
}

/** The requests of a call, read from its HTTP/2 stream. */
export class RequestStream {
  readonly #stream: Readable;
  readonly #frames: RequestFrames;
  readonly #events: RequestStreamEvents;
  #wanted = false;
  #ended = false;
  #over = false;

  /** @param native paused; nobody else may read it */
  constructor({ stream, maxMessageBytes }: NativeStream, events: RequestStreamEvents) {
    this.#stream = stream;
    this.#frames = new RequestFrames(maxMessageBytes);
    this.#events = events;
    stream.on("data", (bytes: Buffer) => this.#add(bytes));
    stream.on("end", () => this.#end());
  }

  /** Asks for one request, or the end of them; what has arrived is told at once. */
  read(): void {
    this.#wanted = true;
    this.#take();
    if (!this.#wanted) return;
    if (this.#ended) this.#tellEnd();
    else this.#stream.resume();
  }

  /** The call is over: what still comes is dropped. */
  stop(): void {
    this.#over = true;
    this.#frames.clear();
  }

  #add(bytes: Buffer): void {
    if (this.#over) return;
    this.#frames.add(bytes);
    if (this.#wanted) this.#take();
    if (!this.#wanted && this.#frames.size >= readAheadBytes) this.#stream.pause();
  }

  #end(): void {
    this.#ended = true;
    if (this.#wanted) this.#tellEnd();
  }

  #tellEnd(): void {
    if (this.#over) return;
    if (this.#frames.size > 0) this.#events.end(requestCutOff());
    else this.#events.onHalfClose();
  }

  #take(): void {
    const message = this.#takeLegal();
    if (message === undefined) return;
    this.#wanted = false;
    this.#events.onMessage(message);
  }

  #takeLegal(): Buffer | undefined {
    try {
      return this.#frames.take();
    } catch (error) {
      this.stop();
      this.#events.end(GrpcError.from(error));
      return undefined;
    }
  }
}

/** What a call ends with whose requests have ended in the middle of one. */
export function requestCutOff(): GrpcError {
  return new GrpcError("INTERNAL", "the last request message is cut off");
}

/** The HTTP/2 stream under a call of grpc-js, for somebody else to read. */
export interface NativeStream {
  readonly stream: Readable;
  /** Largest message that grpc-js would take; -1 for no limit. */
  readonly maxMessageBytes: number;
}

/**
 * Takes over from grpc-js the stream that the requests of a call come by: on each of many it spends
 * more than all the rest that is done for them. From then on it reads nothing, but still sees to
 * everything else: responses, deadline, and how the call ends.
 *
 * grpc-js has no way to ask for that. So this looks where it keeps what is needed; unless everything
 * is where it is expected the answer is undefined, and grpc-js goes on reading. So it does for
 * compressed requests, and where it counts messages for channelz.
 *
 * @param call the innermost call of grpc-js, of which nothing has been read
 */
export function takeOverStream(call: object): NativeStream | undefined {
  const stream: unknown = Reflect.get(call, "stream");
  const maxMessageBytes: unknown = Reflect.get(call, "maxReceiveMessageSize");
  if (!(stream instanceof Readable) || typeof maxMessageBytes !== "number") return undefined;
  if (Reflect.get(call, "incomingEncoding") !== "identity") return undefined;
  if (Reflect.get(call, "callEventTracker") !== null) return undefined;
  if (stream.listenerCount("data") !== 1) return undefined;
  stream.removeAllListeners("data");
  return { stream, maxMessageBytes };
}
