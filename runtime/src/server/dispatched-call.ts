import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { receivedDeadline } from "../deadline.ts";
import { GrpcError } from "../error.ts";
import { isCutOff } from "../grpc-js-internals/cut-off.ts";
import { GzipHeaders, noHeaders } from "../grpc-js-internals/response-metadata.ts";
import { type ResponseTarget, responseTargetOf } from "../grpc-js-internals/response-target.ts";
import { sendsInOrder } from "../grpc-js-internals/send-order.ts";
import { takeOverStream } from "../grpc-js-internals/server-stream.ts";
import { type PeerCertificate, peerCertificate } from "../peer-certificate.ts";
import { errorStatus, type WireStatus } from "../status.ts";
import { createExchange } from "./create-exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";
import type { OpenCallEntry, OpenCalls } from "./open-calls.ts";
import type { RequestBudget } from "./request-budget.ts";
import { RequestStream, requestCutOff } from "./request-stream.ts";
import type { ResponseCompression } from "./response-compression.ts";
import { chunkBytes, framed, ResponseStream } from "./response-stream.ts";
import { sendBudgetOf } from "./send-budget.ts";
import { SendWindow } from "./send-window.ts";

type NativeListener = Parameters<ServerInterceptingCallInterface["start"]>[0];

/** What the calls of a server share. */
export interface ServerState {
  readonly openCalls: OpenCalls;
  readonly requestBudget: RequestBudget;
  /** Undefined: responses are sent as they are. */
  readonly compression: ResponseCompression | undefined;
}

/**
 * The last call in grpc-js' chain of interceptors. It starts the call below with itself as the
 * listener, and never calls grpc-js' handler wrappers.
 */
export class DispatchedCall extends ServerInterceptingCall implements NativeCall, NativeListener {
  readonly #below: ServerInterceptingCallInterface;
  readonly #plan: MethodPlan;
  readonly #openCalls: OpenCalls;
  readonly #requestBudget: RequestBudget;
  /** Undefined once it is known that it does not apply. */
  #compression: ResponseCompression | undefined;
  /** Whether messages and status may be sent without waiting for callbacks. */
  readonly #pipelined: boolean;
  /** Undefined when grpc-js reads the requests. */
  #requests: RequestStream | undefined;
  /** Undefined until a response is sent, and when grpc-js sends them. */
  #responses: ResponseStream | undefined;
  #target: ResponseTarget | undefined;
  /** Undefined until a stream sends a response by grpc-js. */
  #window: SendWindow | undefined;
  #exchange: Exchange | undefined;
  #entry: OpenCallEntry | undefined;

  /** @param below the call below: grpc-js' innermost one, or that of a native interceptor */
  constructor(
    below: ServerInterceptingCallInterface,
    plan: MethodPlan,
    { openCalls, requestBudget, compression }: ServerState,
  ) {
    super(below);
    this.#below = below;
    this.#plan = plan;
    this.#openCalls = openCalls;
    this.#requestBudget = requestBudget;
    this.#compression = compression;
    this.#pipelined = sendsInOrder(below);
  }

  override start(_handlerWrapper: NativeListener): void {
    this.#below.start(this);
  }

  onReceiveMetadata(metadata: Metadata): void {
    const exchange = createExchange(this.#plan, this, metadata);
    this.#exchange = exchange;
    this.#entry = this.#openCalls.add(exchange);
    if (this.#pipelined) this.#takeOver(exchange);
    exchange.open();
  }

  onReceiveMessage(message: unknown): void {
    this.#exchange?.onMessage(message);
  }

  onReceiveHalfClose(): void {
    if (isCutOff(this.#below)) this.#exchange?.onIllegalRequest(requestCutOff());
    else this.#exchange?.onHalfClose();
  }

  /** grpc-js calls it at the end of every call, not only of cancelled ones. */
  onCancel(): void {
    const exchange = this.#exchange;
    const entry = this.#entry;
    if (exchange === undefined || entry === undefined) return;
    // References to this call may live on. They must not keep the exchange alive.
    this.#exchange = undefined;
    this.#entry = undefined;
    this.#openCalls.delete(entry);
    exchange.onEnd();
    this.#requests?.stop();
    this.#responses?.stop();
    this.#window?.open();
  }

  get peer(): string {
    return this.#below.getPeer();
  }

  get peerCertificate(): PeerCertificate | undefined {
    return peerCertificate(this.#below.getAuthContext().sslPeerCertificate);
  }

  get authority(): string {
    return this.#below.getHost();
  }

  get deadline(): Date | undefined {
    return receivedDeadline(this.#below.getDeadline());
  }

  read(): void {
    if (this.#requests === undefined) this.#below.startRead();
    else this.#requests.read();
  }

  sendHeader(header: Metadata | undefined): void {
    const target = this.#compression && this.#responseTarget();
    if (target === undefined || !this.#compression?.appliesTo(target.stream, this.#plan.method)) {
      this.#compression = undefined;
      this.#below.sendMetadata(header ?? noHeaders);
    } else {
      this.#below.sendMetadata(new GzipHeaders(header));
    }
  }

  send(response: unknown): Promise<void> | undefined {
    if (this.#exchange === undefined) return undefined;
    const target = this.#responseTarget();
    if (target === undefined || !Buffer.isBuffer(response)) return this.#sendByGrpcJs(response);
    const error = this.#refusal(response);
    if (error === undefined) return this.#sendOn(this.#responseStream(target), response);
    this.#exchange.fail(error);
    return undefined;
  }

  #sendOn(responses: ResponseStream, response: Buffer): Promise<void> | undefined {
    const compressing = this.#compression?.compressed(response);
    if (compressing === undefined) return responses.send(response);
    return compressing.then((smaller) =>
      responses.send(smaller ?? response, smaller !== undefined),
    );
  }

  reply(response: unknown, status: WireStatus): void {
    const target = this.#responseTarget();
    if (target === undefined || !Buffer.isBuffer(response)) {
      this.#replyByGrpcJs(response, status);
      return;
    }
    const error = this.#refusal(response);
    const compressing = error === undefined ? this.#compression?.compressed(response) : undefined;
    if (error !== undefined) {
      this.#below.sendStatus(errorStatus(error));
    } else if (compressing === undefined) {
      this.#replyOn(target, response, false, status);
    } else {
      compressing.then((smaller) =>
        this.#replyOn(target, smaller ?? response, smaller !== undefined, status),
      );
    }
  }

  #replyOn(
    target: ResponseTarget,
    response: Buffer,
    isCompressed: boolean,
    status: WireStatus,
  ): void {
    if (response.length > chunkBytes) {
      const responses = this.#responseStream(target);
      responses.send(response, isCompressed);
      responses.close(() => this.#below.sendStatus(status));
      return;
    }
    const { stream } = target;
    // While it was being compressed, the deadline may have passed.
    if (!stream.destroyed && !stream.writableEnded) {
      stream.write(framed(response, true, isCompressed));
    }
    this.#below.sendStatus(status);
  }

  end(status: WireStatus): void {
    const send = () => this.#below.sendStatus(status);
    if (this.#responses !== undefined) this.#responses.close(send);
    else if (this.#window !== undefined) this.#window.close(send);
    else send();
  }

  #responseTarget(): ResponseTarget | undefined {
    if (this.#target === undefined && this.#pipelined) this.#target = responseTargetOf(this.#below);
    return this.#target;
  }

  #responseStream({ stream, session }: ResponseTarget): ResponseStream {
    this.#responses ??= new ResponseStream(stream, sendBudgetOf(session));
    return this.#responses;
  }

  #refusal({ length }: Buffer): GrpcError | undefined {
    const max = this.#target?.maxMessageBytes ?? -1;
    if (max === -1 || length <= max) return undefined;
    const sizes = `${length} of ${max} bytes`;
    return new GrpcError("RESOURCE_EXHAUSTED", `a response is larger than allowed: ${sizes}`);
  }

  #sendByGrpcJs(response: unknown): Promise<void> | undefined {
    this.#window ??= new SendWindow(this.#pipelined);
    const window = this.#window;
    const bytes = Buffer.isBuffer(response) ? response.length : 0;
    const room = window.add(bytes);
    this.#below.sendMessage(response, () => window.remove(bytes));
    return this.#exchange === undefined ? undefined : room;
  }

  #replyByGrpcJs(response: unknown, status: WireStatus): void {
    if (this.#pipelined) {
      this.#below.sendMessage(response, ignore);
      this.#below.sendStatus(status);
    } else {
      this.#below.sendMessage(response, () => this.#below.sendStatus(status));
    }
  }

  #takeOver(exchange: Exchange): void {
    const stream = takeOverStream(this.#below);
    if (stream !== undefined)
      this.#requests = new RequestStream(stream, exchange, this.#requestBudget);
  }
}

function ignore(): void {}
