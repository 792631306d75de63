import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { GrpcError } from "../error.ts";
import { shortenTimeout } from "../grpc-js-internals/request-headers.ts";
import type { StreamListener } from "../grpc-js-internals/stream-listener.ts";
import type { Connection, ConnectionCall } from "./connection.ts";
import { refuseStream } from "./refuse-stream.ts";

/** A call whose headers have arrived. */
export class ArrivedCall implements ConnectionCall {
  readonly connection: Connection<ArrivedCall>;
  readonly stream: ServerHttp2Stream;
  state: ConnectionCall["state"] = "arrived";
  readonly #headers: IncomingHttpHeaders;
  readonly #listener: StreamListener;
  readonly #arrivedMs = performance.now();

  constructor(
    connection: Connection<ArrivedCall>,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    listener: StreamListener,
  ) {
    this.connection = connection;
    this.stream = stream;
    this.#headers = headers;
    this.#listener = listener;
  }

  /** False once the caller has reset the call. */
  get isOpen(): boolean {
    return this.state !== "over" && !this.stream.destroyed && !this.stream.closed;
  }

  run(): void {
    // grpc-js counts the timeout from now on.
    shortenTimeout(this.#headers, performance.now() - this.#arrivedMs);
    const { stream } = this;
    // Without a request message, a stream ends although nobody reads it.
    const hasEnded = stream.readableEnded;
    this.#listener(stream, this.#headers);
    if (hasEnded) stream.emit("end");
  }

  /** Ends the call, which has not run. */
  refuse(error: GrpcError): void {
    if (this.isOpen) refuseStream(this.stream, error);
  }
}
