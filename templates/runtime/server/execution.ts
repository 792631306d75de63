import type { Metadata } from "@grpc/grpc-js";
import { GrpcError, isUnexpected } from "../error.ts";
import { pump } from "../pump.ts";
import { errorStatus, okStatus, type WireStatus } from "../status.ts";
import { encodeResponse, iterableOf } from "./handler-answer.ts";
import type { MethodPlan } from "./method-plan.ts";
import { ServerCallState } from "./server-call-state.ts";
import type { ServerCallEvents, ServerTransport } from "./transport.ts";

/**
 * One call on its way through interceptors and handler. Whatever they do, the caller gets exactly
 * one status and nothing is thrown at the transport.
 */
export abstract class Execution implements ServerCallEvents {
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

  /** Innermost: decode, handle, encode. */
  protected abstract handle(): Promise<void>;
  /** Every layer has returned: what is still to be sent before OK; a promise to wait for. */
  protected abstract flush(): Promise<void> | undefined;

  onOver(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.abort(overReason(this.call.deadline));
  }

  /** Ends the call from outside the handler, which is told through its signal. */
  end(error: GrpcError): void {
    this.#finish(error);
    this.abort(error);
  }

  protected abort(reason: GrpcError): void {
    this.call.abort(reason);
  }

  /** Enters the interceptors; once. */
  protected start(): void {
    if (this.#started || this.#ended) return;
    this.#started = true;
    this.#run().catch((error: unknown) => this.#fail(error));
  }

  async #run(): Promise<void> {
    await this.plan.onion(this.call, () => this.#handle());
    if (this.#ended) return;
    const sent = this.flush();
    if (sent !== undefined) await sent;
    if (this.#ended) return;
    this.sendHeader();
    this.#ended = true;
    this.#send(okStatus(this.call.trailer));
  }

  async #handle(): Promise<void> {
    try {
      await this.handle();
    } catch (error) {
      if (this.call.aborted === undefined) throw error;
      // Mostly the consequence of the abort; what is clearly something else is not lost.
      if (error !== this.call.aborted.cause && isUnexpected(error)) this.report(error);
    }
    if (this.call.aborted !== undefined) throw this.call.aborted;
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
    // Headers that have not left go with the trailers: sent alone they would forbid a retry.
    const header = this.call.headersSent ? undefined : this.call.header;
    this.#send(errorStatus(error, this.call.trailer, header));
  }

  /** Native interceptors may throw here; there is no one left to tell but `onError`. */
  #send(status: WireStatus): void {
    try {
      this.transport.end(status);
    } catch (error) {
      this.report(error);
    }
  }

  protected sendHeader(): void {
    if (this.call.headersSent) return;
    this.call.headersSent = true;
    if (this.call.header !== undefined) this.transport.sendHeader(this.call.header);
  }

  /** Sends what a streaming handler yields. */
  protected async sendAll(responses: unknown): Promise<void> {
    await pump(
      await iterableOf(this.plan, responses),
      (init) => this.#sendOne(init),
      this.call,
      (error) => {
        if (isUnexpected(error)) this.report(error);
      },
    );
  }

  #sendOne(init: unknown): Promise<void> | undefined {
    const response = encodeResponse(this.plan, this.call, init);
    if (response instanceof Promise) return response.then((last) => this.#transmit(last));
    return this.#transmit(response);
  }

  #transmit(response: unknown): Promise<void> | undefined {
    if (this.#ended) return undefined;
    this.sendHeader();
    return this.transport.send(response);
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
  return late
    ? new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded")
    : new GrpcError("CANCELLED", "the caller has left");
}

function ignore(): void {}
