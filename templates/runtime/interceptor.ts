import type { ClientCall, ServerCall } from "./call.ts";

/**
 * One layer around every call, the same for unary and streams.
 *
 * Before `next()` the call has not reached the inner layers: refuse it by throwing a `GrpcError`,
 * register message hooks, set values. `next()` resolves when the inner layers and the handler have
 * ended with OK and rejects with what they threw, refusals by inner layers included: so code after
 * `await next()` (or in `catch`/`finally`) is the last phase. Messages of a stream flow while
 * `next()` is pending; a unary reply leaves only after all layers have returned.
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
export type Interceptor<C> = (call: C, next: () => Promise<void>) => Promise<void>;
export type ServerInterceptor = Interceptor<ServerCall>;
export type ClientInterceptor = Interceptor<ClientCall>;
