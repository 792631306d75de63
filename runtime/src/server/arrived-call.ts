import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { GrpcError } from "../error.ts";
import { releaseWhenClosed } from "../grpc-js-internals/ended-streams.ts";
import { shortenTimeout, timeoutMsOf } from "../grpc-js-internals/request-headers.ts";
import type { StreamListener } from "../grpc-js-internals/stream-listener.ts";
import type { CallEntry } from "./call-list.ts";
import type { QueuedCall } from "./call-queue.ts";
import type { CarriedCall } from "./carried-call.ts";
import type { Connection, ConnectionCall } from "./connection.ts";
import { refuseStream } from "./refuse-stream.ts";
import { responseStreamOf } from "./response-stream.ts";
import type { SendingCall } from "./send-watch.ts";
import { WriteCount } from "./write-count.ts";

/** A call whose headers have arrived. */
export class ArrivedCall
  implements ConnectionCall<ArrivedCall>, QueuedCall, SendingCall, CarriedCall
{
  readonly connection: Connection<ArrivedCall>;
  readonly stream: ServerHttp2Stream;
  state: ConnectionCall<ArrivedCall>["state"] = "arrived";
  entry: CallEntry<ArrivedCall> | undefined;
  queuedMs: number = performance.now();
  /** Whether it counts as one of the running calls of the server. */
  isCounted = false;
  readonly headers: IncomingHttpHeaders;
  /** Size of its headers, in bytes. */
  readonly metadataBytes: number;
  /** What runs it, unless that is grpc-js. */
  runner: CarriedCall | undefined;
  readonly #listener: StreamListener;
  readonly #onOver: (call: ArrivedCall) => void;
  readonly #arrivedMs = this.queuedMs;
  #givenUp = false;
  /** What the last look saw. */
  #seenBytes = 0;
  #seenParts = 0;
  /** Counts what others write, from the first look on. */
  #writes: WriteCount | undefined;
  #stalledMs = 0;

  constructor(
    connection: Connection<ArrivedCall>,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    metadataBytes: number,
    listener: StreamListener,
    onOver: (call: ArrivedCall) => void,
  ) {
    this.connection = connection;
    this.stream = stream;
    this.headers = headers;
    this.metadataBytes = metadataBytes;
    this.#listener = listener;
    this.#onOver = onOver;
  }

  /** False once the caller has reset the call. */
  get isOpen(): boolean {
    return this.state !== "over" && !this.stream.destroyed && !this.stream.closed;
  }

  /** Whether all of its answer is on the way. */
  get isAnswered(): boolean {
    return this.stream.writableEnded || responseStreamOf(this.stream)?.isClosing === true;
  }

  get path(): string {
    return this.headers[":path"] ?? "";
  }

  get timeoutMs(): number | undefined {
    return timeoutMsOf(this.headers["grpc-timeout"]);
  }

  get unreadBytes(): number {
    return this.stream.readableLength;
  }

  /** The rest of its timeout in milliseconds; undefined if it has none. */
  leftMs(): number | undefined {
    const { timeoutMs } = this;
    return timeoutMs && Math.max(0, timeoutMs - (performance.now() - this.#arrivedMs));
  }

  /** Lets grpc-js run it. */
  run(): void {
    // grpc-js counts the timeout from now on.
    shortenTimeout(this.headers, performance.now() - this.#arrivedMs);
    const { stream } = this;
    releaseWhenClosed(stream);
    // Without a request message, a stream ends although nobody reads it.
    const hasEnded = stream.readableEnded;
    this.#listener(stream, this.headers);
    if (hasEnded) stream.emit("end");
  }

  onWantTrailers(): void {
    this.runner?.onWantTrailers();
  }

  onClose(): void {
    this.runner?.onClose();
    this.#onOver(this);
  }

  refuse(error: GrpcError): void {
    if (this.isOpen) refuseStream(this.stream, error);
  }

  /** Whether the caller has reset the call, rather than this server. */
  get isReset(): boolean {
    return this.stream.aborted && !this.#givenUp;
  }

  look(passedMs: number): { bytes: number; stalledMs: number } {
    const { bytes, parts } = this.#unsent();
    const hasMoved = parts !== this.#seenParts || bytes < this.#seenBytes;
    this.#stalledMs = bytes === 0 || hasMoved ? 0 : this.#stalledMs + passedMs;
    this.#seenBytes = bytes;
    this.#seenParts = parts;
    return { bytes, stalledMs: this.#stalledMs };
  }

  giveUp(): void {
    this.#givenUp = true;
    this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #unsent(): { bytes: number; parts: number } {
    const own = responseStreamOf(this.stream);
    if (own !== undefined) return { bytes: own.unsentBytes, parts: own.partsWritten };
    this.#writes ??= new WriteCount(this.stream);
    return { bytes: this.stream.writableLength, parts: this.#writes.count };
  }
}
