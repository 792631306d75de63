import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { receivedDeadline } from "../deadline.ts";
import { isCutOff } from "../grpc-js-internals/cut-off.ts";
import { sendsInOrder } from "../grpc-js-internals/send-order.ts";
import { firstTextIn } from "../metadata.ts";
import { type PeerCertificate, peerCertificate } from "../peer-certificate.ts";
import type { WireStatus } from "../status.ts";
import { createExchange } from "./create-exchange.ts";
import type { Exchange } from "./exchange.ts";
import { GrpcJsSender } from "./grpc-js-sender.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";
import type { OpenCallEntry, OpenCalls } from "./open-calls.ts";
import { requestCutOff } from "./request-stream.ts";
import type { ResponseHeaders } from "./response-headers.ts";

type NativeListener = Parameters<ServerInterceptingCallInterface["start"]>[0];

/**
 * The last call in grpc-js' chain of interceptors, for servers whose native interceptors must see each
 * call. It starts the call below with itself as the listener, and never calls grpc-js' handler wrappers.
 */
export class DispatchedCall extends ServerInterceptingCall implements NativeCall, NativeListener {
  readonly endsAtDeadline = false;
  readonly #below: ServerInterceptingCallInterface;
  readonly #plan: MethodPlan;
  readonly #openCalls: OpenCalls;
  readonly #sender: GrpcJsSender;
  #metadata = new Metadata();
  #exchange: Exchange | undefined;
  #entry: OpenCallEntry | undefined;

  /** @param below the call below: grpc-js' innermost one, or that of a native interceptor */
  constructor(below: ServerInterceptingCallInterface, plan: MethodPlan, openCalls: OpenCalls) {
    super(below);
    this.#below = below;
    this.#plan = plan;
    this.#openCalls = openCalls;
    this.#sender = new GrpcJsSender(below, sendsInOrder(below));
  }

  override start(_handlerWrapper: NativeListener): void {
    this.#below.start(this);
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.#metadata = metadata;
    const exchange = createExchange(this.#plan, this);
    this.#exchange = exchange;
    this.#entry = this.#openCalls.add(exchange);
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
    this.#sender.stop();
  }

  get metadata(): Metadata {
    return this.#metadata;
  }

  firstText(key: string): string | undefined {
    return firstTextIn(this.#metadata, key);
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
    this.#below.startRead();
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
}
