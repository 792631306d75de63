import type { ChannelInterface, Interceptor, Metadata } from "@grpc/grpc-js";
import type { ClientInterceptor } from "../interceptor.ts";
import type { MetadataInit } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { ChannelSettings } from "./channel.ts";

/** An address, for a channel that the client makes and closes, or a channel that stays yours. */
export type ClientTarget = string | ChannelInterface;

/** Those of `ChannelSettings` are for targets that are addresses only. */
export interface ClientOptions extends ChannelSettings {
  /** Outermost first. A function is asked once for every method, when the client is made. */
  readonly interceptors?:
    | readonly ClientInterceptor[]
    | ((method: MethodInfo) => readonly ClientInterceptor[]);
  /** Interceptors of grpc-js, outermost first; they run inside of `interceptors`. */
  readonly nativeInterceptors?: readonly Interceptor[];
  /** Milliseconds a unary call may take unless the call says otherwise; 5000, and 0 is no limit. */
  readonly unaryTimeoutMs?: number;
  /** The same for calls with a stream; 30000. */
  readonly streamTimeoutMs?: number;
  /** `waitForReady` of calls that do not say; false. */
  readonly waitForReady?: boolean;
}

export interface CallOptions {
  readonly metadata?: MetadataInit;
  /** Milliseconds the call may take, 0 for no limit; instead of the client's timeout. */
  readonly timeoutMs?: number;
  /** When the call must have ended; instead of the client's timeout. */
  readonly deadline?: Date;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Told of the response headers; a call that fails at once has none. */
  readonly onHeader?: (header: Metadata) => void;
  /** Told of the trailers before the call settles. */
  readonly onTrailer?: (trailer: Metadata) => void;
  /** Wait for a connection, up to the deadline, rather than fail with UNAVAILABLE. */
  readonly waitForReady?: boolean;
}
