import type { Metadata } from "@grpc/grpc-js";
import type { GrpcError } from "../error.ts";
import { type Expiry, expireAfter } from "../expiry.ts";
import { hasEnded } from "../grpc-js-internals/ended-requests.ts";
import { firstTextIn } from "../metadata.ts";
import type { PeerCertificate } from "../peer-certificate.ts";
import type { WireStatus } from "../status.ts";
import type { ArrivedCall } from "./arrived-call.ts";
import type { CarriedCall } from "./carried-call.ts";
import { createExchange } from "./create-exchange.ts";
import type { RequestEncoding } from "./decompress.ts";
import type { Exchange } from "./exchange.ts";
import { deadlineExceeded } from "./failure-status.ts";
import { Http2Sender, type SenderListener } from "./http2-sender.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";
import type { OpenCallEntry, OpenCalls } from "./open-calls.ts";
import type { RequestBudget } from "./request-budget.ts";
import { legalText, requestMetadata } from "./request-metadata.ts";
import { RequestStream } from "./request-stream.ts";
import type { ResponseCompression } from "./response-compression.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/** What the calls of a server share. */
export interface ServerState {
  readonly openCalls: OpenCalls;
  readonly requestBudget: RequestBudget;
  /** Undefined: responses are sent as they are. */
  readonly compression: ResponseCompression | undefined;
  /** Size limits in bytes; -1 means no limit. */
  readonly maxReceiveMessageBytes: number;
  readonly maxSendMessageBytes: number;
}

/**
 * A call on its HTTP/2 stream, without the call objects of grpc-js. Sessions, keepalive and shutdown
 * are still those of grpc-js.
 */
export class Http2Call implements NativeCall, SenderListener, CarriedCall {
  readonly authority: string;
  readonly deadline: Date | undefined;
  readonly endsAtDeadline = true;
  readonly #arrived: ArrivedCall;
  readonly #state: ServerState;
  readonly #requests: RequestStream;
  readonly #sender: Http2Sender;
  readonly #isLate: boolean;
  /** Made when somebody asks for it. */
  #metadata: Metadata | undefined;
  #exchange: Exchange | undefined;
  #entry: OpenCallEntry | undefined;
  #expiry: Expiry | undefined;

  constructor(arrived: ArrivedCall, plan: MethodPlan, state: ServerState) {
    const { stream, headers, connection } = arrived;
    const { session } = connection;
    this.authority = headers[":authority"] ?? headers.host ?? "";
    this.#arrived = arrived;
    this.#state = state;
    const leftMs = arrived.leftMs();
    this.#isLate = leftMs === 0;
    this.deadline = leftMs === undefined ? undefined : new Date(Date.now() + leftMs);
    const exchange = createExchange(plan, this);
    this.#exchange = exchange;
    const { maxReceiveMessageBytes, maxSendMessageBytes, compression } = state;
    this.#requests = new RequestStream(
      {
        stream,
        session,
        maxMessageBytes: maxReceiveMessageBytes,
        encoding: encodingOf(headers),
        isDecompressedLater: !plan.method.requestStream,
      },
      exchange,
      state.requestBudget,
    );
    const compresses = compression?.appliesTo(headers, plan.method) === true;
    this.#sender = new Http2Sender(
      {
        stream,
        session,
        maxMessageBytes: maxSendMessageBytes,
        compression: compresses ? compression : undefined,
      },
      this,
    );
    if (leftMs !== undefined) {
      this.#expiry = expireAfter(leftMs, () => this.#exchange?.fail(deadlineExceeded()));
    }
  }

  run(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    this.#entry = this.#state.openCalls.add(exchange);
    this.#arrived.runner = this;
    // Its time has passed while it waited: nobody needs what the handler would do.
    if (this.#isLate) exchange.fail(deadlineExceeded());
    else exchange.open();
  }

  get metadata(): Metadata {
    this.#metadata ??= requestMetadata(this.#arrived.headers);
    return this.#metadata;
  }

  firstText(key: string): string | undefined {
    return this.#metadata === undefined
      ? legalText(this.#arrived.headers[key])
      : firstTextIn(this.#metadata, key);
  }

  get peer(): string {
    return this.#arrived.connection.peer.address;
  }

  get peerCertificate(): PeerCertificate | undefined {
    return this.#arrived.connection.peer.certificate;
  }

  read(): void {
    this.#requests.read();
  }

  sendHeader(header: ResponseHeaders | undefined): void {
    this.#sender.sendHeader(header);
  }

  send(response: unknown): Promise<void> | undefined {
    if (this.#exchange === undefined) return undefined;
    const room = this.#sender.send(response);
    return this.#exchange === undefined ? undefined : room;
  }

  reply(response: unknown, status: WireStatus): void {
    this.#sender.reply(response, status);
  }

  end(status: WireStatus): void {
    this.#sender.end(status);
  }

  onRefused(error: GrpcError): void {
    this.#exchange?.fail(error);
  }

  onWantTrailers(): void {
    this.#sender.sendTrailers();
  }

  onClose(): void {
    this.#end();
  }

  onSent(): void {
    this.#end();
    const { stream } = this.#arrived;
    // What the caller still sends is dropped.
    if (!hasEnded(stream)) stream.resume();
  }

  /** The status is on its way, or the stream is closed. */
  #end(): void {
    const exchange = this.#exchange;
    const entry = this.#entry;
    if (exchange === undefined || entry === undefined) return;
    // References to this call may live on. They must not keep the exchange alive.
    this.#exchange = undefined;
    this.#expiry?.cancel();
    this.#state.openCalls.delete(entry);
    exchange.onEnd();
    this.#requests.stop();
    this.#sender.stop();
  }
}

/** The headers have been corrected: another encoding is not left, and `identity` is a list. */
function encodingOf(headers: { readonly [key: string]: unknown }): RequestEncoding | undefined {
  const encoding = headers["grpc-encoding"];
  return encoding === "gzip" || encoding === "deflate" ? encoding : undefined;
}
