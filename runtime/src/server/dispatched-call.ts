import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { receivedDeadline } from "../deadline.ts";
import { isCutOff } from "../grpc-js-internals/cut-off.ts";
import { sendsInOrder } from "../grpc-js-internals/send-order.ts";
import { takeOverStream } from "../grpc-js-internals/server-stream.ts";
import { type PeerCertificate, peerCertificate } from "../peer-certificate.ts";
import type { WireStatus } from "../status.ts";
import { createExchange } from "./create-exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";
import type { OpenCallEntry, OpenCalls } from "./open-calls.ts";
import type { RequestBudget } from "./request-budget.ts";
import { RequestStream, requestCutOff } from "./request-stream.ts";
import type { ResponseCompression } from "./response-compression.ts";
import { createResponseSender, type ResponseSender } from "./response-sender.ts";

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
  readonly #state: ServerState;
  /** Undefined when grpc-js reads the requests. */
  #requests: RequestStream | undefined;
  /** Undefined until header or response are sent. */
  #sender: ResponseSender | undefined;
  #exchange: Exchange | undefined;
  #entry: OpenCallEntry | undefined;

  /** @param below the call below: grpc-js' innermost one, or that of a native interceptor */
  constructor(below: ServerInterceptingCallInterface, plan: MethodPlan, state: ServerState) {
    super(below);
    this.#below = below;
    this.#plan = plan;
    this.#state = state;
  }

  override start(_handlerWrapper: NativeListener): void {
    this.#below.start(this);
  }

  onReceiveMetadata(metadata: Metadata): void {
    const exchange = createExchange(this.#plan, this, metadata);
    this.#exchange = exchange;
    this.#entry = this.#state.openCalls.add(exchange);
    if (sendsInOrder(this.#below)) this.#takeOver(exchange);
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
    this.#state.openCalls.delete(entry);
    exchange.onEnd();
    this.#requests?.stop();
    this.#sender?.stop();
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
    this.#responses().sendHeader(header);
  }

  send(response: unknown): Promise<void> | undefined {
    if (this.#exchange === undefined) return undefined;
    const room = this.#responses().send(response);
    return this.#exchange === undefined ? undefined : room;
  }

  reply(response: unknown, status: WireStatus): void {
    this.#responses().reply(response, status);
  }

  end(status: WireStatus): void {
    if (this.#sender === undefined) this.#below.sendStatus(status);
    else this.#sender.end(status);
  }

  #responses(): ResponseSender {
    this.#sender ??= createResponseSender(
      this.#below,
      this.#plan.method,
      this.#state.compression,
      (error) => this.#exchange?.fail(error),
    );
    return this.#sender;
  }

  #takeOver(exchange: Exchange): void {
    const stream = takeOverStream(this.#below);
    if (stream !== undefined)
      this.#requests = new RequestStream(stream, exchange, this.#state.requestBudget);
  }
}
