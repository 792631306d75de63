import type { ChannelInterface, Interceptor, Metadata } from "@grpc/grpc-js";
import type { ClientInterceptor } from "../interceptor.ts";
import type { MetadataInit } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { ChannelSettings } from "./channel.ts";

/** A channel that clients share: from `createChannel`, a pool, or any channel of grpc-js. */
export type ClientChannel = ChannelInterface;

/** An address, for which the client creates and closes a channel, or a channel that you close. */
export type ClientTarget = string | ClientChannel;

/** Settings for all calls of a client. */
export interface ClientOptions {
  /** Outermost first. A list for all methods, or a function called once per method. */
  readonly interceptors?:
    | readonly ClientInterceptor[]
    | ((method: MethodInfo) => readonly ClientInterceptor[]);
  /** Interceptors of grpc-js, outermost first. They run inside of `interceptors`. */
  readonly nativeInterceptors?: readonly Interceptor[];
  /** Default timeout of unary calls in milliseconds; 0 means no limit. Default: 5000. */
  readonly unaryTimeoutMs?: number;
  /** Default timeout of streaming calls in milliseconds; 0 means no limit. Default: 30000. */
  readonly streamTimeoutMs?: number;
  /** Default of `waitForReady` of the calls. Default: false. */
  readonly waitForReady?: boolean;
}

/** Options of a client that creates its channel from an address. */
export interface AddressOptions extends ClientOptions, ChannelSettings {}

/** Options of one call. */
export interface CallOptions {
  readonly metadata?: MetadataInit;
  /** Timeout in milliseconds, instead of the client's; 0 means no limit. */
  readonly timeoutMs?: number;
  /** Latest end of the call, instead of the client's timeout. */
  readonly deadline?: Date;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Called with the response headers. A call that fails early may have none. */
  readonly onHeader?: (header: Metadata) => void;
  /** Called with the trailers before the call settles. */
  readonly onTrailer?: (trailer: Metadata) => void;
  /** Wait for a connection until the deadline instead of failing with UNAVAILABLE. */
  readonly waitForReady?: boolean;
}
