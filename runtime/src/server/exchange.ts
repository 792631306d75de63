import { GrpcError, isUnexpected } from "../error.ts";
import { okStatus } from "../status.ts";
import { cancelledOrLate, failureStatus, sendsHeaderWith } from "./failure-status.ts";
import { handlerFailure } from "./handler-failure.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { CallListener, NativeCall } from "./native-call.ts";
import type { OpenCall } from "./open-calls.ts";
import { ServerCallState } from "./server-call-state.ts";
import type { ExchangeAccess, RequestSide, ResponseSide } from "./sides.ts";

/**
 * One call of a server, from its native call through interceptors and handler and back. Whatever
 * they do, the native call gets exactly one status and no exception.
 */
export class Exchange implements CallListener, OpenCall, ExchangeAccess {
  readonly plan: MethodPlan;
  readonly native: NativeCall;
  readonly call: ServerCallState;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  #started = false;
  #ended = false;

  constructor(
    plan: MethodPlan,
    native: NativeCall,
    requests: RequestSide,
    responses: ResponseSide,
  ) {
    this.plan = plan;
    this.native = native;
    this.call = new ServerCallState(plan.method, native);
    this.#requests = requests;
    this.#responses = responses;
  }

  /** Begins, as soon as the headers of the request have arrived. */
  open(): void {
    this.#requests.onOpen(this);
  }

  get awaitsRequest(): boolean {
    return this.#requests.awaitsRequest;
  }

  get ended(): boolean {
    return this.#ended;
  }

  onMessage(request: unknown): void {
    this.#requests.onMessage(this, request);
  }

  onHalfClose(): void {
    this.#requests.onHalfClose(this);
  }

  onIllegalRequest(error: GrpcError): void {
    this.fail(error);
  }

  onEnd(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.abort(cancelledOrLate(this.native.deadline));
  }

  // No more `async` functions than the call needs: unary calls are a hot path.
  start(): void {
    if (this.#started || this.#ended) return;
    this.#started = true;
    const { onion } = this.plan;
    const run = onion === undefined ? this.#run() : onion(this.call, () => this.#run());
    run.then(
      () => this.#succeed(),
      (error: unknown) => this.#reject(error),
    );
  }

  fail(error: GrpcError): void {
    this.#end(error);
    this.abort(error);
  }

  abort(reason: GrpcError): void {
    this.call.abort(reason);
    this.#requests.onAbort(reason);
  }

  sendHeader(): void {
    if (this.call.headersSent) return;
    this.call.headersSent = true;
    this.native.sendHeader(this.call.header);
  }

  report(error: unknown): void {
    this.plan.report(error, this.call);
  }

  /** The innermost layer: the handler, and the sending of what it returns. */
  async #run(): Promise<void> {
    try {
      const rest = this.#responses.take(this, await this.#invokeHandler());
      if (rest !== undefined) await rest;
    } catch (error) {
      const reason = this.call.abortReason;
      if (reason === undefined) throw handlerFailure(error);
      // Usually a consequence of the abort. Any other error must not get lost.
      if (error !== reason.cause && isUnexpected(error)) this.report(error);
    }
    if (this.call.abortReason !== undefined) throw this.call.abortReason;
  }

  #invokeHandler(): unknown {
    const { handler } = this.plan;
    const input = this.#requests.input(this);
    if (!(input instanceof Promise)) return handler(input, this.call);
    return input.then((request) => {
      const { abortReason } = this.call;
      if (abortReason !== undefined) throw abortReason;
      return handler(request, this.call);
    });
  }

  #succeed(): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#responses.complete(this, okStatus(this.call.trailer));
    } catch (error) {
      // A native interceptor has thrown before the status was sent.
      this.#ended = false;
      this.#reject(error);
    }
  }

  #reject(error: unknown): void {
    if (isUnexpected(error)) this.report(error);
    // The handler may still run although an interceptor has thrown.
    if (!this.#ended) this.fail(GrpcError.from(error));
  }

  #end(error: GrpcError): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      const status = failureStatus(error, this.call, (cause) => this.report(cause));
      if (sendsHeaderWith(error, this.call, this.plan.method)) this.sendHeader();
      this.native.end(status);
    } catch (cause) {
      // A native interceptor has thrown: `onError` is all that is left.
      this.report(cause);
    }
  }
}
