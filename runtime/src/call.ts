import type { Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import type { ContextKey } from "./context-key.ts";
import type { MethodInfo } from "./method.ts";

/**
 * Looks at one message on its way: return nothing to observe it, another message of the same type
 * to replace it, or throw a `GrpcError` to end the call with that status.
 */
export type MessageHook = (
  message: Message,
  // biome-ignore lint/suspicious/noConfusingVoidType: so that a hook without `return` is one too.
) => Message | undefined | void | Promise<Message | undefined | void>;

/** What server and client know of a running call alike. */
interface Call {
  readonly method: MethodInfo;
  /** Metadata of the request: received on a server, to be sent on a client. */
  readonly metadata: Metadata;
  /** Address of the other side, `unknown` before a client is connected. */
  readonly peer: string;
  /** When the call ends at the latest; undefined when there is no limit. */
  readonly deadline: Date | undefined;
  /** Aborts on cancellation, deadline and disconnect. Its reason is a `GrpcError`. */
  readonly signal: AbortSignal;
  /** The value stored under `key`, or the key's default. */
  get<T>(key: ContextKey<T>): T;
}

/** What a handler may know of its call. */
export interface CallContext extends Call {
  /** Identifies the call in logs; empty until an interceptor sets it. */
  readonly requestId: string;
  /**
   * Adds to the response headers, which leave with the first message.
   *
   * @throws Error when they have left, when key or value is illegal, or beyond 8 KiB in all.
   */
  setHeader(key: string, value: string | Buffer): void;
  /**
   * Adds to the trailers, which leave with the status; what exceeds 8 KiB in all is left out.
   *
   * @throws Error when key or value is illegal.
   */
  setTrailer(key: string, value: string | Buffer): void;
}

/** Ways for an interceptor to act on a call; the same on both sides. */
interface Interceptable {
  set<T>(key: ContextKey<T>, value: T): void;
  /** Runs `hook` on every request message, outermost interceptor first. Register before `next()`. */
  onRequest(hook: MessageHook): void;
  /** Runs `hook` on every response message, innermost interceptor first. Register before `next()`. */
  onResponse(hook: MessageHook): void;
}

/** A call as server interceptors see it. */
export interface ServerCall extends CallContext, Interceptable {
  requestId: string;
  /**
   * The caller's own at first. An interceptor that ends the call earlier says so here, for all that
   * follows to see; setting it ends nothing.
   */
  deadline: Date | undefined;
}

/** A call as client interceptors see it. */
export interface ClientCall extends Call, Interceptable {
  /** Response headers; undefined until they have arrived. */
  readonly header: Metadata | undefined;
  /** Trailers; undefined until the call has ended. */
  readonly trailer: Metadata | undefined;
}
