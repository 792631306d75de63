import type { Message } from "@bufbuild/protobuf";
import type { GrpcError } from "../error.ts";
import type { WireStatus } from "../status.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";
import type { ServerCallState } from "./server-call-state.ts";

/** The part of an exchange that the two sides of its call use. */
export interface ExchangeAccess {
  readonly plan: MethodPlan;
  readonly call: ServerCallState;
  readonly native: NativeCall;
  /** Whether the call has its status. */
  readonly ended: boolean;
  /** Runs the interceptors and the handler; only the first call counts. */
  start(): void;
  sendHeader(): void;
  /** Ends the call with `error`, whatever the handler returns. */
  fail(error: GrpcError): void;
  /** Stops the handler. Its call ends with `reason` once it has returned. */
  abort(reason: GrpcError): void;
  /** Passes an unexpected error to `onError`. */
  report(error: unknown): void;
}

/** Reads the requests of a call: one, or a stream. */
export interface RequestSide {
  /** True until the only request of the call has arrived. Always false for a request stream. */
  readonly awaitsRequest: boolean;
  /** The call has begun: read the request, or start the handler. */
  onOpen(exchange: ExchangeAccess): void;
  onMessage(exchange: ExchangeAccess, request: unknown): void;
  onHalfClose(exchange: ExchangeAccess): void;
  /**
   * The first argument of the handler, decoded and passed through the request hooks.
   *
   * @throws GrpcError when the requests are not what the method takes.
   */
  input(exchange: ExchangeAccess): Message | Promise<Message> | AsyncIterable<Message>;
  /** Ends the requests that the handler reads. */
  onAbort(reason: GrpcError): void;
}

/** Writes the responses of a call: one, or a stream. */
export interface ResponseSide {
  /**
   * Handles the return value of the handler. Returns a promise if that is asynchronous.
   *
   * @throws TypeError when it is not a message, or not iterable.
   */
  take(exchange: ExchangeAccess, answer: unknown): Promise<void> | undefined;
  /** Sends the rest and the status, after all interceptors have returned. */
  complete(exchange: ExchangeAccess, status: WireStatus): void;
}
