import {
  type InterceptingListener,
  type Metadata,
  type StatusObject,
  status as statusNumbers,
} from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import { checkEntries } from "../metadata.ts";
import { errorOf } from "../status.ts";
import { type ClientCallState, createCallState, explain } from "./client-call-state.ts";
import type { CallOptions } from "./client-options.ts";
import type { ClientPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";

/** The requests of a call. */
export interface RequestSide {
  /** Work to do before the call is opened, a failure of which needs no call at all. */
  prepare(exchange: Exchange): Promise<void> | undefined;
  /** The call is open: start sending. */
  send(exchange: Exchange, native: NativeCall): void;
}

/** The responses of a call. */
export interface ResponseSide {
  /** The call is open: start reading. */
  receive(exchange: Exchange, native: NativeCall): void;
  onMessage(bytes: Buffer): void;
  /** The status is OK. @throws GrpcError when the responses say otherwise. */
  complete(): Promise<void> | undefined;
}

/** One call of a client, through its interceptors to the channel and back. */
export class Exchange implements InterceptingListener {
  readonly call: ClientCallState;
  readonly plan: ClientPlan;
  readonly #options: CallOptions;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  #failure: GrpcError | undefined;
  #over = false;
  #overListener: (() => void) | undefined;
  #sent: (() => void) | undefined;
  #settle: { resolve(): void; reject(error: unknown): void } | undefined;

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
  async run(): Promise<void> {
    try {
      await this.plan.onion(this.call, () => this.#open());
    } catch (error) {
      const failure = GrpcError.from(error);
      // An interceptor may have given up while the call still runs.
      this.fail(failure);
      this.call.abort(failure);
      throw failure;
    }
  }

  /** Ends the call with this error, whatever its status will be. */
  fail(error: GrpcError): void {
    if (this.#over) return;
    this.#failure ??= error;
    this.call.native?.cancelWithStatus(statusNumbers.CANCELLED, "cancelled by the client");
  }

  get over(): boolean {
    return this.#over;
  }

  onOver(listener: (() => void) | undefined): void {
    this.#overListener = listener;
  }

  /** Resolves when the channel has taken the message, or the call is over. */
  send(native: NativeCall, bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#sent = resolve;
      native.sendMessageWithContext({ callback: () => resolve() }, bytes);
    });
  }

  async #open(): Promise<void> {
    const { metadata, deadline, method } = this.call;
    explain(() => checkEntries(metadata));
    const prepared = this.#requests.prepare(this);
    if (prepared !== undefined) await prepared;
    if (this.#failure !== undefined) throw this.#failure;
    const { signal } = this.#options;
    if (signal?.aborted === true) throw cancelledBy(signal);
    const native = this.#create(method.path, deadline);
    this.call.native = native;
    const onAbort = (): void => this.fail(cancelledBy(signal));
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settle = { resolve, reject };
        native.start(metadata, this);
        this.#requests.send(this, native);
        this.#responses.receive(this, native);
      });
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #create(path: string, deadline: Date | undefined): NativeCall {
    try {
      return this.plan.channel.createCall(
        path,
        deadline ?? Number.POSITIVE_INFINITY,
        null,
        null,
        null,
      );
    } catch (cause) {
      throw new GrpcError("UNAVAILABLE", "the channel is closed", { cause });
    }
  }

  onReceiveMetadata(header: Metadata): void {
    this.call.header = header;
    this.#tell(this.#options.onHeader, header);
  }

  onReceiveMessage(bytes: Buffer): void {
    this.#responses.onMessage(bytes);
  }

  onReceiveStatus(status: StatusObject): void {
    this.call.trailer = status.metadata;
    this.#tell(this.#options.onTrailer, status.metadata);
    this.#over = true;
    this.#overListener?.();
    this.#sent?.();
    this.#complete(status).then(
      () => this.#settle?.resolve(),
      (error: unknown) => {
        const failure = GrpcError.from(error);
        this.call.abort(failure);
        this.#settle?.reject(failure);
      },
    );
  }

  async #complete(status: StatusObject): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (status.code !== statusNumbers.OK) throw errorOf(status);
    await this.#responses.complete();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #tell(listener: ((metadata: Metadata) => void) | undefined, metadata: Metadata): void {
    try {
      listener?.(metadata);
    } catch (error) {
      this.fail(GrpcError.from(error));
    }
  }
}

function cancelledBy(signal: AbortSignal | undefined): GrpcError {
  return new GrpcError("CANCELLED", "cancelled by the caller", { cause: signal?.reason });
}
