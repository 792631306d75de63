import type { Deadline, Metadata } from "@grpc/grpc-js";
import { receivedDeadline } from "../deadline.ts";
import type { WireStatus } from "../status.ts";
import type { Execution } from "./execution.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeRequests } from "./native-requests.ts";
import type { NativeResponses } from "./native-responses.ts";
import type { ServerCallEvents, ServerTransport } from "./transport.ts";

/** What grpc-js' four call objects have in common. */
interface NativeCallObject {
  readonly metadata: Metadata;
  getPeer(): string;
  getDeadline(): Deadline;
  sendMetadata(header: Metadata): void;
  once(event: "cancelled", listener: () => void): unknown;
}

/** A call through grpc-js' own call objects: for servers that we do not build. */
export class NativeCall implements ServerTransport {
  readonly #native: NativeCallObject;
  readonly #responses: NativeResponses;
  readonly #requests: NativeRequests;
  readonly #execution: Execution;

  constructor(
    plan: MethodPlan,
    native: NativeCallObject,
    requestsFor: (events: ServerCallEvents) => NativeRequests,
    responses: NativeResponses,
  ) {
    this.#native = native;
    this.#responses = responses;
    this.#execution = new plan.execution(plan, this, native.metadata);
    this.#requests = requestsFor(this.#execution);
    // Comes at the end of every call, not only of cancelled ones.
    native.once("cancelled", () => {
      this.#execution.onOver();
      responses.over();
    });
  }

  begin(): void {
    this.#execution.begin();
  }

  get peer(): string {
    return this.#native.getPeer();
  }

  get deadline(): Date | undefined {
    return receivedDeadline(this.#native.getDeadline());
  }

  read(): void {
    this.#requests.read();
  }

  sendHeader(header: Metadata | undefined): void {
    if (header !== undefined) this.#native.sendMetadata(header);
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
