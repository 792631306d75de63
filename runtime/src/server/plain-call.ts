import type { Deadline, Metadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { receivedDeadline } from "../deadline.ts";
import { firstTextIn } from "../metadata.ts";
import { type PeerCertificate, peerCertificate } from "../peer-certificate.ts";
import type { WireStatus } from "../status.ts";
import { createExchange } from "./create-exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { CallListener, NativeCall } from "./native-call.ts";
import type { PlainRequests } from "./plain-requests.ts";
import type { PlainResponses } from "./plain-responses.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/** What grpc-js' four call objects have in common. */
interface CallObject {
  readonly metadata: Metadata;
  getPeer(): string;
  getAuthContext(): ReturnType<ServerInterceptingCallInterface["getAuthContext"]>;
  getHost(): string;
  getDeadline(): Deadline;
  sendMetadata(header: Metadata): void;
  once(event: "cancelled", listener: () => void): unknown;
}

/** A call through grpc-js' own call objects, for servers other than `GrpcServer`. */
export class PlainCall implements NativeCall {
  readonly endsAtDeadline = false;
  readonly #object: CallObject;
  readonly #requests: PlainRequests;
  readonly #responses: PlainResponses;
  readonly #exchange: Exchange;

  constructor(
    plan: MethodPlan,
    object: CallObject,
    requestsFor: (listener: CallListener) => PlainRequests,
    responses: PlainResponses,
  ) {
    this.#object = object;
    this.#responses = responses;
    this.#exchange = createExchange(plan, this);
    this.#requests = requestsFor(this.#exchange);
    // grpc-js emits it at the end of every call, not only of cancelled ones.
    object.once("cancelled", () => {
      this.#exchange.onEnd();
      responses.release();
    });
  }

  open(): void {
    this.#exchange.open();
  }

  get metadata(): Metadata {
    return this.#object.metadata;
  }

  firstText(key: string): string | undefined {
    return firstTextIn(this.#object.metadata, key);
  }

  get peer(): string {
    return this.#object.getPeer();
  }

  get peerCertificate(): PeerCertificate | undefined {
    return peerCertificate(this.#object.getAuthContext().sslPeerCertificate);
  }

  get authority(): string {
    return this.#object.getHost();
  }

  get deadline(): Date | undefined {
    return receivedDeadline(this.#object.getDeadline());
  }

  read(): void {
    this.#requests.read();
  }

  sendHeader(header: ResponseHeaders | undefined): void {
    if (header !== undefined) this.#object.sendMetadata(header.toMetadata());
  }

  send(response: unknown): Promise<void> | undefined {
    return this.#responses.send(response);
  }

  reply(response: unknown, status: WireStatus): void {
    this.#responses.send(response);
    this.#responses.end(status);
  }

  end(status: WireStatus): void {
    this.#responses.end(status);
  }
}
