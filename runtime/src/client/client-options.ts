import type { ChannelInterface, Interceptor, Metadata } from "@grpc/grpc-js";
import type { ClientInterceptor } from "../interceptor.ts";
import type { MetadataInit } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { ChannelSettings } from "./channel.ts";

/** A channel that clients share: one of `createChannel`, a pool, or any of grpc-js. */
export type ClientChannel = ChannelInterface;

/** An address, for a channel that the client makes and closes, or a channel that stays yours. */
export type ClientTarget = string | ClientChannel;

/** What a client does with each of its calls. */
export interface ClientOptions {
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

/** Options of a client that makes its channel from an address. */
export interface AddressOptions extends ClientOptions, ChannelSettings {}

/** Options of one call. */
export interface CallOptions {
  readonly metadata?: MetadataInit;
  /** Milliseconds the call may take, 0 for no limit; instead of the client's timeout. */
  readonly timeoutMs?: number;
  /** When the call must have ended; instead of the client's timeout. */
  readonly deadline?: Date;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Told of the response headers; a call that fails at once may have none. */
  readonly onHeader?: (header: Metadata) => void;
  /** Told of the trailers before the call settles. */
  readonly onTrailer?: (trailer: Metadata) => void;
  /** Wait for a connection, up to the deadline, rather than fail with UNAVAILABLE. */
  readonly waitForReady?: boolean;
}
