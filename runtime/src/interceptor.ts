import type { ClientCall, ServerCall } from "./call.ts";
import type { MethodInfo } from "./method.ts";

/**
 * One layer around every call, the same for unary and streaming calls.
 *
 * Before `next()` the call has not reached the inner layers: refuse it by throwing a `GrpcError`,
 * register message hooks, set values. `next()` resolves when the inner layers and the handler have
 * succeeded, and rejects with what they threw, including refusals by inner layers. So code after
 * `await next()` (or in `catch`/`finally`) is the last phase. If the call is aborted, `next()`
 * still waits for the handler, which sees its signal abort. Messages of a stream flow while
 * `next()` is pending; a unary response is sent only after all layers have returned.
 *
 * Call `next()` once, or throw. A failure cannot be swallowed, only replaced by throwing another
 * error.
 *
 * @example
 * ```ts
 * const timing: ServerInterceptor = async (call, next) => {
 *   const start = performance.now();
 *   try {
 *     await next();
 *   } finally {
 *     console.log(call.method.path, performance.now() - start);
 *   }
 * };
 * ```
 */
export interface Interceptor<C> {
  (call: C, next: () => Promise<void>): Promise<void>;
  /**
   * Optional. Called for each method that has the interceptor when a server or client is created, so
   * before the first call.
   */
  readonly prepare?: (method: MethodInfo) => void;
  /** Set by `layer`, which makes interceptors that cost a call no promise. */
  readonly before?: Before<C>;
}

/**
 * What happens when a call leaves a layer. To replace what it failed with, throw another error.
 * If it answers a promise, the layers outside wait for it.
 *
 * @param error what the inner layers or the handler threw; undefined after a success
 */
export type After = (error: unknown) => void;

/** What happens before the inner layers. It refuses the call by throwing. */
export type Before<C> = (call: C) => After | undefined | Promise<After | undefined>;

/** An interceptor of the calls that a server handles. */
export type ServerInterceptor = Interceptor<ServerCall>;
/** An interceptor of the calls that a client makes. */
export type ClientInterceptor = Interceptor<ClientCall>;
