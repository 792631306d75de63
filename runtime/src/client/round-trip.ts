import { Metadata, type StatusObject, status as statusNumbers } from "@grpc/grpc-js";
import { inThisContext } from "../async-context.ts";
import { GrpcError } from "../error.ts";
import { cancelCall, cancelTwice } from "../grpc-js-internals/cancel-twice.ts";
import { clientStreamOf } from "../grpc-js-internals/client-stream.ts";
import { isCutOff } from "../grpc-js-internals/cut-off.ts";
import { cutOff, HeldStatus } from "../grpc-js-internals/held-status.ts";
import { failureOf } from "./call-failure.ts";
import { type ClientCallState, checkOpen, prepareMetadata } from "./client-call-state.ts";
import type { CallOptions } from "./client-options.ts";
import { DirectResponses } from "./direct-responses.ts";
import type { MethodPlan } from "./method-plan.ts";
import { type CallListener, type NativeCall, startCall } from "./native-call.ts";
import { unpooled } from "./pooled-call.ts";
import type { ExchangeAccess, RequestSide, ResponseSide } from "./sides.ts";

type EndListener = (failure: GrpcError | undefined) => void;
type MetadataListener = (metadata: Metadata) => void;

/** The part of a call inside of all interceptors: opens the native call and handles its events. */
export class RoundTrip implements CallListener, ExchangeAccess {
  readonly plan: MethodPlan;
  readonly call: ClientCallState;
  readonly #options: CallOptions;
  readonly #onHeader: MetadataListener | undefined;
  readonly #onTrailer: MetadataListener | undefined;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  /** The status has arrived. */
  #ended = false;
  /** The outcome has been passed on. */
  #closed = false;
  #heldStatus: HeldStatus | undefined;
  /** Undefined if responses come from grpc-js. */
  #direct: DirectResponses | undefined;
  #endListener: EndListener | undefined;

  constructor(
    plan: MethodPlan,
    call: ClientCallState,
    options: CallOptions,
    requests: RequestSide,
    responses: ResponseSide,
  ) {
    this.plan = plan;
    this.call = call;
    this.#options = options;
    this.#onHeader = options.onHeader && inThisContext(options.onHeader);
    this.#onTrailer = options.onTrailer && inThisContext(options.onTrailer);
    this.#requests = requests;
    this.#responses = responses;
  }

  /** @param onEnd called once, with the failure of the call or undefined */
  run(onEnd: EndListener): void {
    this.#endListener = onEnd;
    try {
      // Otherwise it is empty: the caller gave none, and no interceptor could have added any.
      if (this.plan.onion !== undefined || this.#options.metadata !== undefined) {
        prepareMetadata(this.call);
      }
      const preparing = this.#requests.prepare(this);
      if (preparing === undefined) this.#start();
      else
        preparing
          .then(() => this.#start())
          .catch((error: unknown) => this.#end(GrpcError.from(error)));
    } catch (error) {
      this.#end(GrpcError.from(error));
    }
  }

  fail(error: GrpcError): void {
    if (this.#closed) return;
    this.call.abort(error);
    const { native } = this.call;
    if (!this.#ended && native !== undefined) cancelTwice(native);
  }

  /** Ignores failures from now on. */
  close(): void {
    this.#closed = true;
  }

  read(): void {
    if (this.#direct?.isNext !== true) this.call.native?.startRead();
  }

  take(): unknown {
    return this.#direct?.take();
  }

  onReceiveMetadata(header: Metadata): void {
    this.call.header = header;
    const { kind } = this.plan.method;
    if (kind !== "unary" && this.call.native !== undefined) {
      this.#takeStream(unpooled(this.call.native));
    }
    this.#callBack(this.#onHeader, header);
  }

  onReceiveMessage(message: unknown): void {
    if (!this.#ended) this.#responses.onMessage(this, message);
  }

  onReceiveStatus(received: StatusObject): void {
    if (this.#ended) return;
    const status = this.#statusOf(received);
    // Native interceptors may omit it.
    const trailer = status.metadata ?? new Metadata();
    this.call.trailer = trailer;
    this.#callBack(this.#onTrailer, trailer);
    this.#stop();
    const failure = this.call.abortReason ?? failureOf(status, trailer, this.call.header);
    if (failure === undefined) this.#complete();
    else this.#end(failure);
  }

  onError(error: unknown): void {
    if (this.#ended) return;
    this.#stop();
    this.#end(GrpcError.from(error));
  }

  #start(): void {
    checkOpen(this.call);
    const native = this.plan.createCall(this.call.deadline ?? Number.POSITIVE_INFINITY);
    this.call.native = native;
    try {
      // Before the start, in which a native interceptor may already respond.
      native.startRead();
      startCall(native, this.call.metadata, this);
      if (!this.#ended) this.#requests.send(this, native);
    } catch (error) {
      cancelCall(native);
      this.onError(error);
    }
  }

  #takeStream(native: NativeCall): void {
    const found = clientStreamOf(native);
    if (found === undefined) return;
    // For one response, this would cost what it saves.
    if (this.plan.method.responseStream) {
      this.#direct = new DirectResponses(found, () => this.#responses.onArrived());
    }
    this.#heldStatus = new HeldStatus(native, found, () => this.#requests.onStop());
  }

  #statusOf(received: StatusObject): StatusObject {
    const status = this.#heldStatus?.restore(received) ?? received;
    return status.code === statusNumbers.OK && this.#isCutOff() ? cutOff(status) : status;
  }

  /** Whether a part of a message has followed those that were read. */
  #isCutOff(): boolean {
    if (this.#heldStatus !== undefined) return this.#direct?.isCutOff === true;
    // A unary call: what a held status has looked at already.
    const { native } = this.call;
    const found = native && clientStreamOf(unpooled(native));
    return found !== undefined && isCutOff(found.innermost);
  }

  #stop(): void {
    this.#ended = true;
    this.#direct?.stop();
    this.#requests.onStop();
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
        () => this.#end(this.call.abortReason),
        (error: unknown) => this.#end(GrpcError.from(error)),
      );
    }
  }

  #end(failure: GrpcError | undefined): void {
    if (failure !== undefined) this.call.abort(failure);
    this.#endListener?.(failure);
  }

  #callBack(listener: MetadataListener | undefined, metadata: Metadata): void {
    try {
      listener?.(metadata);
    } catch (error) {
      this.fail(GrpcError.from(error));
    }
  }
}
