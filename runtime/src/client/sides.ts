import type { GrpcError } from "../error.ts";
import type { ClientCallState } from "./client-call-state.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";

/** The part of an exchange that the two sides of its call use. */
export interface ExchangeAccess {
  readonly plan: MethodPlan;
  readonly call: ClientCallState;
  /** Requests one more response, once the call is open. It goes to `onMessage`, or can be taken. */
  read(): void;
  /** The next response, if it has arrived. If not, `onArrived` is called when it has. */
  take(): unknown;
  /** Ends the call with `error`, whatever its status will be. */
  fail(error: GrpcError): void;
}

/** Writes the requests of a call: one, or a stream. */
export interface RequestSide {
  /** Work before the call is opened. If it fails, no call is made. */
  prepare(exchange: ExchangeAccess): Promise<void> | undefined;
  /** Starts sending; the call is open. */
  send(exchange: ExchangeAccess, native: NativeCall): void;
  /** The server accepts no further request, or the call is over. May be called twice. */
  onStop(): void;
}

/** Reads the responses of a call, one or a stream, and settles the caller's promises. */
export interface ResponseSide {
  /** The call begins, before interceptors and all other events. */
  onStart(exchange: ExchangeAccess): void;
  onMessage(exchange: ExchangeAccess, response: unknown): void;
  /** Responses of a stream have arrived that can be taken. */
  onArrived(): void;
  /**
   * The status is OK. Returns a promise while hooks still run on a response.
   *
   * @throws GrpcError when a response is missing.
   */
  complete(): Promise<unknown> | undefined;
  /** The call has ended, including its interceptors; called once. */
  settle(failure: GrpcError | undefined): void;
}
