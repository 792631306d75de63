import type { Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import type { ContextKey } from "./context-key.ts";
import type { MethodInfo } from "./method.ts";
import type { PeerCertificate } from "./peer-certificate.ts";

/**
 * Runs on one message. Return nothing to observe it, another message of the same type to replace
 * it, or throw a `GrpcError` to end the call with that status.
 */
export type MessageHook = (
  message: Message,
  // biome-ignore lint/suspicious/noConfusingVoidType: allows a hook without `return`.
) => Message | undefined | void | Promise<Message | undefined | void>;

/** The part of a running call that is the same on server and client. */
interface Call {
  readonly method: MethodInfo;
  /** Metadata of the request: received on a server, to send on a client. */
  readonly metadata: Metadata;
  /** Address of the other side; `unknown` until a client is connected. */
  readonly peer: string;
  /** Latest end of the call; undefined if there is no limit. */
  readonly deadline: Date | undefined;
  /** Aborts on cancellation, deadline and disconnect, with a `GrpcError` as its reason. */
  readonly signal: AbortSignal;
  /** The value stored under `key`, or the key's default. */
  get<T>(key: ContextKey<T>): T;
}

/** The call as its handler sees it. */
export interface CallContext extends Call {
  /** The server as the caller names it (`:authority`), such as `users:50051`. */
  readonly authority: string;
  /** Identifies the call in logs; empty until an interceptor sets it. */
  readonly requestId: string;
  /** The certificate of the caller, with mutual TLS. */
  readonly peerCertificate: PeerCertificate | undefined;
  /**
   * Adds to the response headers, which are sent with the first message.
   *
   * @throws Error when they have been sent, when key or value is illegal, or beyond 8 KiB in total.
   */
  setHeader(key: string, value: string | Buffer): void;
  /**
   * Adds to the trailers, which are sent with the status. Entries beyond 8 KiB in total are left
   * out.
   *
   * @throws Error when key or value is illegal.
   */
  setTrailer(key: string, value: string | Buffer): void;
}

/** What interceptors can do with a call, on both sides. */
interface Interceptable {
  set<T>(key: ContextKey<T>, value: T): void;
  /**
   * Runs `hook` on every request message, outermost interceptor first. Register before `next()`.
   */
  onRequest(hook: MessageHook): void;
  /**
   * Runs `hook` on every response message, innermost interceptor first. Register before `next()`.
   */
  onResponse(hook: MessageHook): void;
}

/** A call as server interceptors see it. */
export interface ServerCall extends CallContext, Interceptable {
  requestId: string;
  /**
   * Initially the caller's. An interceptor that ends the call earlier sets it, so that inner layers
   * see it. Setting it does not end the call.
   */
  deadline: Date | undefined;
}

/** A call as client interceptors see it. */
export interface ClientCall extends Call, Interceptable {
  /** Target of the channel, such as `dns:users:50051`. */
  readonly target: string;
  /** Response headers; undefined until they have arrived. */
  readonly header: Metadata | undefined;
  /** Trailers; undefined until the call has ended. */
  readonly trailer: Metadata | undefined;
}
