import { Metadata, type StatusObject } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import type { Onion } from "../compose.ts";
import { GrpcError } from "../error.ts";
import { checkEntries } from "../metadata.ts";
import { callFailure, failureOf } from "./call-failure.ts";
import { type ClientCallState, createCallState, mistake } from "./client-call-state.ts";
import type { CallOptions } from "./client-options.ts";
import { type KeptStatus, keepStatus } from "./kept-status.ts";
import type { ClientPlan } from "./method-plan.ts";
import { type CallListener, cancelCall, type NativeCall, startCall } from "./native-call.ts";
import type { RequestSide, ResponseSide } from "./sides.ts";

/** One call of a client, through its interceptors to the channel and back. */
export class Exchange implements CallListener {
  readonly call: ClientCallState;
  readonly plan: ClientPlan;
  readonly #options: CallOptions;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  /** The status has arrived. */
  #over = false;
  /** The server takes no further request. */
  #sendingOver = false;
  #kept: KeptStatus | undefined;
  #settled = false;
  #overListener: (() => void) | undefined;
  #sent: (() => void) | undefined;
  /** What `next()` of the innermost interceptor waits for; undefined without interceptors. */
  #core: { resolve(): void; reject(error: GrpcError): void } | undefined;
  #unwatch: (() => void) | undefined;

  constructor(
    plan: ClientPlan,
    options: CallOptions,
    requests: RequestSide,
    responses: ResponseSide,
  ) {
    this.plan = plan;
    this.#options = options;
    this.call = createCallState(plan, options);
    this.#requests = requests;
    this.#responses = responses;
  }

  /** Runs the call; how it ends is told to the responses' side. */
  run(): void {
    const { signal } = this.#options;
    if (signal !== undefined) this.#watch(signal);
    const { onion } = this.plan;
    if (onion === undefined) this.#open();
    else {
      this.call.withinDeadline(this.#inside(onion)).then(
        () => this.#settle(undefined),
        (error: unknown) => this.#settle(GrpcError.from(error)),
      );
    }
  }

  /** Ends the call with this error, whatever its status will be. */
  fail(error: GrpcError): void {
    if (this.#settled) return;
    this.call.abort(error);
    const { native } = this.call;
    if (this.#over || native === undefined) return;
    cancelCall(native);
    // A call that is cancelled before grpc-js has found its connection is forgotten, not cancelled.
    setImmediate(cancelCall, native);
  }

  /** Asks for one more response, once the call is open. */
  read(): void {
    this.call.native?.startRead();
  }

  /** For the requests' side, which is done as soon as the server has answered. */
  get over(): boolean {
    return this.#sendingOver;
  }

  onOver(listener: (() => void) | undefined): void {
    this.#overListener = listener;
  }

  /** Resolves when the channel has taken the message, or the call is over. */
  send(native: NativeCall, message: unknown): Promise<void> {
    return new Promise((resolve) => {
      this.#sent = resolve;
      native.sendMessageWithContext({ callback: resolve }, message);
    });
  }

  onReceiveMetadata(header: Metadata): void {
    this.call.header = header;
    if (this.plan.method.kind !== "unary" && this.call.native !== undefined) {
      this.#kept = keepStatus(this.call.native, () => this.#endSending());
    }
    this.#tell(this.#options.onHeader, header);
  }

  onReceiveMessage(message: unknown): void {
    if (!this.#over) this.#responses.onMessage(this, message);
  }

  onReceiveStatus(received: StatusObject): void {
    if (this.#over) return;
    const status = this.#kept?.restore(received) ?? received;
    // Native interceptors may leave it out.
    const trailer = status.metadata ?? new Metadata();
    this.call.trailer = trailer;
    this.#tell(this.#options.onTrailer, trailer);
    this.#finish();
    const failure = this.call.aborted ?? failureOf(status, trailer, this.call.header);
    if (failure === undefined) this.#complete();
    else this.#end(failure);
  }

  abandon(error: unknown): void {
    if (this.#over) return;
    this.#finish();
    this.#end(GrpcError.from(error));
  }

  #watch(signal: AbortSignal): void {
    const onAbort = (): void => {
      this.fail(new GrpcError("CANCELLED", "cancelled by the caller", { cause: signal.reason }));
    };
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener("abort", onAbort, { once: true });
      this.#unwatch = () => signal.removeEventListener("abort", onAbort);
    }
  }

  async #inside(onion: Onion<ClientCall>): Promise<void> {
    const core = (): Promise<void> =>
      new Promise((resolve, reject) => {
        this.#core = { resolve, reject };
        this.#open();
      });
    try {
      await onion(this.call, core);
    } catch (error) {
      const failure = GrpcError.from(error);
      // An interceptor may have given up while the call still runs.
      this.fail(failure);
      throw failure;
    }
  }

  #open(): void {
    try {
      this.#checkMetadata();
      const prepared = this.#requests.prepare(this);
      if (prepared === undefined) this.#start();
      else
        prepared
          .then(() => this.#start())
          .catch((error: unknown) => this.#end(GrpcError.from(error)));
    } catch (error) {
      this.#end(GrpcError.from(error));
    }
  }

  /** @throws GrpcError INTERNAL when it cannot be sent. */
  #checkMetadata(): void {
    // Most calls have none: nobody has given any, nor could have added to it.
    if (this.plan.onion === undefined && this.#options.metadata === undefined) return;
    try {
      checkEntries(this.call.metadata);
    } catch (error) {
      throw mistake(error, this.plan.method);
    }
  }

  #start(): void {
    const native = this.#create();
    this.call.native = native;
    try {
      // First: an interceptor of grpc-js may answer while it starts.
      this.#responses.onOpen(this);
      startCall(native, this.call.metadata, this);
      if (!this.#over) this.#requests.send(this, native);
    } catch (error) {
      cancelCall(native);
      this.abandon(error);
    }
  }

  #create(): NativeCall {
    const { aborted, deadline } = this.call;
    if (aborted !== undefined) throw aborted;
    if (deadline !== undefined && deadline.getTime() <= Date.now()) {
      // grpc-js would still send it.
      throw new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded before the call");
    }
    return this.plan.createCall(deadline ?? Number.POSITIVE_INFINITY);
  }

  #finish(): void {
    this.#over = true;
    this.#endSending();
  }

  #endSending(): void {
    this.#sendingOver = true;
    this.#overListener?.();
    this.#sent?.();
  }

  #complete(): void {
    let completing: Promise<unknown> | undefined;
    try {
      completing = this.#responses.complete();
    } catch (error) {
      this.#end(GrpcError.from(error));
      return;
    }
    if (completing === undefined) this.#end(undefined);
    else {
      completing.then(
        () => this.#end(this.call.aborted),
        (error: unknown) => this.#end(GrpcError.from(error)),
      );
    }
  }

  #end(failure: GrpcError | undefined): void {
    if (failure !== undefined) this.call.abort(failure);
    if (this.#core === undefined) this.#settle(failure);
    else if (failure === undefined) this.#core.resolve();
    else this.#core.reject(failure);
  }

  #settle(failure: GrpcError | undefined): void {
    this.#settled = true;
    this.#unwatch?.();
    this.#responses.settle(failure && callFailure(failure, this.plan.method));
  }

  #tell(listener: ((metadata: Metadata) => void) | undefined, metadata: Metadata): void {
    try {
      listener?.(metadata);
    } catch (error) {
      this.fail(GrpcError.from(error));
    }
  }
}
