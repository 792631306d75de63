import type { Metadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import { GzipHeaders, noHeaders } from "../grpc-js-internals/response-metadata.ts";
import type { ResponseTarget } from "../grpc-js-internals/response-target.ts";
import { errorStatus, type WireStatus } from "../status.ts";
import type { ResponseCompression } from "./response-compression.ts";
import { chunkBytes, framed, ResponseStream } from "./response-stream.ts";
import { sendBudgetOf } from "./send-budget.ts";

/** Writes responses to the HTTP/2 stream; grpc-js sends header and status. */
export class OwnSender {
  readonly #below: ServerInterceptingCallInterface;
  readonly #target: ResponseTarget;
  readonly #compression: ResponseCompression | undefined;
  readonly #onRefused: (error: GrpcError) => void;
  /** Undefined until more than a small response is sent. */
  #responses: ResponseStream | undefined;

  /**
   * @param compression undefined if it does not apply to the call
   * @param onRefused called with the status of a stream whose response is too large
   */
  constructor(
    below: ServerInterceptingCallInterface,
    target: ResponseTarget,
    compression: ResponseCompression | undefined,
    onRefused: (error: GrpcError) => void,
  ) {
    this.#below = below;
    this.#target = target;
    this.#compression = compression;
    this.#onRefused = onRefused;
  }

  sendHeader(header: Metadata | undefined): void {
    const isPlain = this.#compression === undefined;
    this.#below.sendMetadata(isPlain ? (header ?? noHeaders) : new GzipHeaders(header));
  }

  send(response: unknown): Promise<void> | undefined {
    const bytes = asBytes(response);
    const error = this.#refusal(bytes);
    if (error !== undefined) {
      this.#onRefused(error);
      return undefined;
    }
    const responses = this.#stream();
    const compressing = this.#compression?.compressed(bytes);
    if (compressing === undefined) return responses.send(bytes);
    return compressing.then((smaller) => responses.send(smaller ?? bytes, smaller !== undefined));
  }

  reply(response: unknown, status: WireStatus): void {
    const bytes = asBytes(response);
    const error = this.#refusal(bytes);
    const compressing = error === undefined ? this.#compression?.compressed(bytes) : undefined;
    if (error !== undefined) {
      this.#below.sendStatus(errorStatus(error));
    } else if (compressing === undefined) {
      this.#reply(bytes, false, status);
    } else {
      compressing.then((smaller) => this.#reply(smaller ?? bytes, smaller !== undefined, status));
    }
  }

  end(status: WireStatus): void {
    if (this.#responses === undefined) this.#below.sendStatus(status);
    else this.#responses.close(() => this.#below.sendStatus(status));
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
    // While it was being compressed, the deadline may have passed.
    if (!stream.destroyed && !stream.writableEnded) {
      stream.write(framed(bytes, true, isCompressed));
    }
    this.#below.sendStatus(status);
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

/** Without native interceptors the plan encodes the responses. */
function asBytes(response: unknown): Buffer {
  if (Buffer.isBuffer(response)) return response;
  throw new TypeError("a response is not encoded");
}
