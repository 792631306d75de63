import { Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import type { Onion } from "../compose.ts";
import { GrpcError } from "../error.ts";
import { checkEntries } from "../metadata.ts";
import { type ClientCallState, createCallState, explain } from "./client-call-state.ts";
import type { CallOptions } from "./client-options.ts";
import type { ClientPlan } from "./method-plan.ts";
import type { CallListener, NativeCall } from "./native-call.ts";
import { failureOf } from "./received-status.ts";
import { withinDeadline } from "./within-deadline.ts";

/** The requests of a call. */
export interface RequestSide {
  /** Work to do before the call is opened, a failure of which needs no call at all. */
  prepare(exchange: Exchange): Promise<void> | undefined;
  /** The call is open: start sending. */
  send(exchange: Exchange, native: NativeCall): void;
}

/** The responses of a call. */
export interface ResponseSide {
  /** The call is about to start: ask for what is to be read first. */
  receive(exchange: Exchange, native: NativeCall): void;
  onMessage(message: unknown): void;
  /** The status is OK. @throws GrpcError when the responses say otherwise. */
  complete(): Promise<void> | undefined;
}

/** One call of a client, through its interceptors to the channel and back. */
export class Exchange implements CallListener {
  readonly call: ClientCallState;
  readonly plan: ClientPlan;
  readonly #options: CallOptions;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  /** The status has arrived. */
  #over = false;
  #overListener: (() => void) | undefined;
  #sent: (() => void) | undefined;
  #settle: { resolve(): void; reject(error: GrpcError): void } | undefined;

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

  /**
   * Runs the call to its end.
   *
   * @throws GrpcError when its status is not OK.
   */
  run(): Promise<void> {
    const { signal } = this.#options;
    return signal === undefined ? this.#run() : this.#runWatching(signal);
  }

  /** Ends the call with this error, whatever its status will be. */
  fail(error: GrpcError): void {
    this.call.abort(error);
    const { native } = this.call;
    if (this.#over || native === undefined) return;
    cancel(native);
    // A call that is cancelled before grpc-js has found its connection is forgotten, not cancelled.
    setImmediate(cancel, native);
  }

  get over(): boolean {
    return this.#over;
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
    this.#tell(this.#options.onHeader, header);
  }

  onReceiveMessage(message: unknown): void {
    if (!this.#over) this.#responses.onMessage(message);
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.#over) return;
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

  #run(): Promise<void> {
    const { onion } = this.plan;
    return onion === undefined ? this.#open() : withinDeadline(this.call, this.#inside(onion));
  }

  async #runWatching(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => {
      this.fail(new GrpcError("CANCELLED", "cancelled by the caller", { cause: signal.reason }));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    try {
      await this.#run();
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #inside(onion: Onion<ClientCall>): Promise<void> {
    try {
      await onion(this.call, () => this.#open());
    } catch (error) {
      const failure = GrpcError.from(error);
      // An interceptor may have given up while the call still runs.
      this.fail(failure);
      throw failure;
    }
  }

  #open(): Promise<void> {
    try {
      explain(() => checkEntries(this.call.metadata));
      const prepared = this.#requests.prepare(this);
      if (prepared === undefined) return this.#start();
      return prepared.then(() => this.#start()).catch(rejectWith);
    } catch (error) {
      return rejectWith(error);
    }
  }

  #start(): Promise<void> {
    const native = this.#create();
    this.call.native = native;
    return new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      try {
        // First: an interceptor of grpc-js may answer while it starts.
        this.#responses.receive(this, native);
        native.start(this.call.metadata, this);
        if (!this.#over) this.#requests.send(this, native);
      } catch (error) {
        cancel(native);
        this.abandon(error);
      }
    });
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
    this.#overListener?.();
    this.#sent?.();
  }

  #complete(): void {
    let completing: Promise<void> | undefined;
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
    if (failure === undefined) {
      this.#settle?.resolve();
      return;
    }
    this.call.abort(failure);
    this.#settle?.reject(failure);
  }

  #tell(listener: ((metadata: Metadata) => void) | undefined, metadata: Metadata): void {
    try {
      listener?.(metadata);
    } catch (error) {
      this.fail(GrpcError.from(error));
    }
  }
}

function rejectWith(error: unknown): Promise<never> {
  return Promise.reject(GrpcError.from(error));
}

function cancel(native: NativeCall): void {
  native.cancelWithStatus(statusNumbers.CANCELLED, "cancelled by the client");
}
