import type { Metadata } from "@grpc/grpc-js";
import { GrpcError, isUnexpected } from "../error.ts";
import { errorStatus, okStatus, type WireStatus } from "../status.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { OpenCall } from "./open-calls.ts";
import { ownFailure } from "./own-failure.ts";
import { ServerCallState } from "./server-call-state.ts";
import type { ServerCallEvents, ServerTransport } from "./transport.ts";

/**
 * One call on its way through interceptors and handler. Whatever they do, the caller gets exactly
 * one status and nothing is thrown at the transport.
 */
export abstract class Execution implements ServerCallEvents, OpenCall {
  protected readonly plan: MethodPlan;
  protected readonly transport: ServerTransport;
  protected readonly call: ServerCallState;
  #started = false;
  #ended = false;

  constructor(plan: MethodPlan, transport: ServerTransport, metadata: Metadata) {
    this.plan = plan;
    this.transport = transport;
    this.call = new ServerCallState(plan.method, metadata, transport);
  }

  /** The headers of the request have arrived. */
  abstract begin(): void;
  abstract onMessage(request: unknown): void;
  abstract onHalfClose(): void;
  abstract readonly awaitsRequest: boolean;

  /** Innermost: decodes what is to be decoded, and calls the handler. */
  protected abstract invoke(): unknown;
  /** What is to be done with the handler's answer before the interceptors go on. */
  protected abstract take(answer: unknown): Promise<void> | undefined;
  /** Every layer has returned: sends what is still to be sent, and OK. */
  protected abstract conclude(status: WireStatus): void;

  onOver(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.abort(overReason(this.transport.deadline));
  }

  /** Ends the call from outside the handler, which is told through its signal. */
  end(error: GrpcError): void {
    this.#finish(error);
    this.abort(error);
  }

  protected get ended(): boolean {
    return this.#ended;
  }

  protected abort(reason: GrpcError): void {
    this.call.abort(reason);
  }

  /** Enters the interceptors; once. No `async` function more than the call needs: unary is hot. */
  protected start(): void {
    if (this.#started || this.#ended) return;
    this.#started = true;
    const { onion } = this.plan;
    const run = onion === undefined ? this.#run() : onion(this.call, () => this.#run());
    run.then(
      () => this.#succeed(),
      (error: unknown) => this.#fail(error),
    );
  }

  async #run(): Promise<void> {
    try {
      const rest = this.take(await this.invoke());
      if (rest !== undefined) await rest;
    } catch (error) {
      if (this.call.aborted === undefined) throw ownFailure(error);
      // Mostly the consequence of the abort; what is clearly something else is not lost.
      if (error !== this.call.aborted.cause && isUnexpected(error)) this.report(error);
    }
    if (this.call.aborted !== undefined) throw this.call.aborted;
  }

  #succeed(): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.conclude(okStatus(this.call.trailer));
    } catch (error) {
      // A native interceptor has thrown before the status was on its way.
      this.#ended = false;
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (isUnexpected(error)) this.report(error);
    if (this.#ended) return;
    const failure = GrpcError.from(error);
    this.#finish(failure);
    // An interceptor may have given up while the handler still runs.
    this.abort(failure);
  }

  #finish(error: GrpcError): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      const status = this.#statusOf(error);
      if (this.#headersGoAhead(error)) this.sendHeader();
      this.transport.end(status);
    } catch (cause) {
      // A native interceptor has thrown; there is no one left to tell but `onError`.
      this.report(cause);
    }
  }

  /** Streams have headers whatever becomes of them; but headers sent alone forbid a retry. */
  #headersGoAhead({ code }: GrpcError): boolean {
    if (this.call.header === undefined || code === "UNAVAILABLE") return false;
    return this.plan.method.responseStream;
  }

  #statusOf(error: GrpcError): WireStatus {
    // Headers that have not left go with the status, where who handles the error looks for them.
    const header = this.call.headersSent ? undefined : this.call.header;
    try {
      return errorStatus(error, this.call.trailer, header);
    } catch (cause) {
      // Such as details that are none.
      this.report(cause);
      return errorStatus(GrpcError.from(cause));
    }
  }

  protected sendHeader(): void {
    if (this.call.headersSent) return;
    this.call.headersSent = true;
    this.transport.sendHeader(this.call.header);
  }

  protected report(error: unknown): void {
    try {
      const told: unknown = this.plan.onError(error, this.call);
      if (told instanceof Promise) told.catch(ignore);
    } catch {
      // A broken error reporter must not break the call too.
    }
  }
}

function overReason(deadline: Date | undefined): GrpcError {
  // Timers may fire a millisecond early by the wall clock.
  const late = deadline !== undefined && deadline.getTime() <= Date.now() + 1;
  return late ? deadlineExceeded() : new GrpcError("CANCELLED", "the caller has left");
}

/** What a call ends with that has not ended by its deadline. */
export function deadlineExceeded(): GrpcError {
  return new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded");
}

function ignore(): void {}
