import type { GrpcError } from "../error.ts";
import type { Exchange } from "./exchange.ts";
import type { NativeCall } from "./native-call.ts";

/** The requests of a call. */
export interface RequestSide {
  /** Work to do before the call is opened, a failure of which needs no call at all. */
  prepare(exchange: Exchange): Promise<void> | undefined;
  /** The call is open: start sending. */
  send(exchange: Exchange, native: NativeCall): void;
}

/** The responses of a call, and whoever waits for them. */
export interface ResponseSide {
  /** The call is about to start: ask for what is to be read first. */
  onOpen(exchange: Exchange): void;
  onMessage(exchange: Exchange, message: unknown): void;
  /** The status is OK. @throws GrpcError when the responses say otherwise. */
  complete(): Promise<unknown> | undefined;
  /** The call has ended, interceptors included; told once. */
  settle(failure: GrpcError | undefined): void;
}
