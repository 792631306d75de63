import type { ServerHttp2Stream } from "node:http2";
import { GrpcError } from "../error.ts";
import { errorStatus, type WireStatus } from "../status.ts";
import { endBeforeTrailers } from "./carried-call.ts";
import type { ResponseCompression } from "./response-compression.ts";
import { framed } from "./response-frames.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { chunkBytes, ResponseStream } from "./response-stream.ts";
import { sendBudgetOf } from "./send-budget.ts";
import { sendHeaders, sendStatusOnly, trailersOf } from "./send-headers.ts";

/** Where the responses of a call go. */
export interface ResponseTarget {
  readonly stream: ServerHttp2Stream;
  /** The connection of the stream: a key for what is kept per connection. */
  readonly session: object;
  /** Size limit of a response in bytes; -1 means no limit. */
  readonly maxMessageBytes: number;
  /** Undefined if responses are sent as they are. */
  readonly compression: ResponseCompression | undefined;
}

/** What a sender tells its call. */
export interface SenderListener {
  /** A response of a stream is larger than allowed: the call is to end with this status. */
  onRefused(error: GrpcError): void;
  /** The status is on its way. */
  onSent(): void;
}

/** Writes the responses of a call to its HTTP/2 stream. */
export class Http2Sender {
  readonly #target: ResponseTarget;
  readonly #listener: SenderListener;
  #headersSent = false;
  /** Undefined until it is to be sent. */
  #status: WireStatus | undefined;
  /** Undefined until more than a small response is sent. */
  #responses: ResponseStream | undefined;

  constructor(target: ResponseTarget, listener: SenderListener) {
    this.#target = target;
    this.#listener = listener;
  }

  sendHeader(header: ResponseHeaders | undefined): void {
    const { stream, compression } = this.#target;
    if (isGone(stream) || this.#headersSent || this.#status !== undefined) return;
    this.#headersSent = true;
    sendHeaders(stream, header, compression !== undefined);
  }

  send(response: unknown): Promise<void> | undefined {
    const bytes = asBytes(response);
    const error = this.#refusal(bytes);
    if (error !== undefined) {
      this.#listener.onRefused(error);
      return undefined;
    }
    const responses = this.#stream();
    const compressing = this.#target.compression?.compressed(bytes);
    if (compressing === undefined) return responses.send(bytes);
    return compressing.then((smaller) => responses.send(smaller ?? bytes, smaller !== undefined));
  }

  reply(response: unknown, status: WireStatus): void {
    const bytes = asBytes(response);
    const error = this.#refusal(bytes);
    if (error !== undefined) {
      this.#sendStatus(errorStatus(error));
      return;
    }
    const compressing = this.#target.compression?.compressed(bytes);
    if (compressing === undefined) this.#reply(bytes, false, status);
    else {
      compressing.then((smaller) => this.#reply(smaller ?? bytes, smaller !== undefined, status));
    }
  }

  end(status: WireStatus): void {
    if (this.#responses === undefined) this.#sendStatus(status);
    else this.#responses.close(() => this.#sendStatus(status));
  }

  /** Sends the status after all responses. */
  sendTrailers(): void {
    if (this.#status === undefined) return;
    this.#target.stream.sendTrailers(trailersOf(this.#status));
    this.#listener.onSent();
  }

  stop(): void {
    this.#responses?.stop();
  }

  #reply(bytes: Buffer, isCompressed: boolean, status: WireStatus): void {
    if (bytes.length > chunkBytes) {
      this.#stream().send(bytes, isCompressed);
      this.end(status);
      return;
    }
    const { stream } = this.#target;
    // While it was being compressed, the call may have ended.
    if (isGone(stream) || this.#status !== undefined) return;
    stream.write(framed(bytes, true, isCompressed));
    this.#sendStatus(status);
  }

  /** Sends the first status; it is the last that is sent. */
  #sendStatus(status: WireStatus): void {
    const { stream } = this.#target;
    if (isGone(stream) || this.#status !== undefined) return;
    this.#status = status;
    if (!this.#headersSent) {
      sendStatusOnly(stream, status);
      this.#listener.onSent();
      return;
    }
    endBeforeTrailers(stream);
  }

  #stream(): ResponseStream {
    const { stream, session } = this.#target;
    this.#responses ??= new ResponseStream(stream, sendBudgetOf(session));
    return this.#responses;
  }

  #refusal({ length }: Buffer): GrpcError | undefined {
    const { maxMessageBytes } = this.#target;
    if (maxMessageBytes === -1 || length <= maxMessageBytes) return undefined;
    const sizes = `${length} of ${maxMessageBytes} bytes`;
    return new GrpcError("RESOURCE_EXHAUSTED", `a response is larger than allowed: ${sizes}`);
  }
}

/** Whether the stream is closed or about to be. */
function isGone(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed;
}

/** The plan of the call encodes the responses. */
function asBytes(response: unknown): Buffer {
  if (Buffer.isBuffer(response)) return response;
  throw new TypeError("a response is not encoded");
}
