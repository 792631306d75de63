import type { Before, Interceptor } from "./interceptor.ts";
import { Layers } from "./layers.ts";

/**
 * Makes an interceptor of what happens before the inner layers and after them. Unlike one that awaits
 * `next()`, it costs a call no promise, unless `before` returns one. A layer cannot run the inner ones in
 * a context of its own, or end the call while they run.
 *
 * @example
 * ```ts
 * const timing = layer<ServerCall>((call) => {
 *   const start = performance.now();
 *   return () => console.log(call.method.path, performance.now() - start);
 * });
 * ```
 */
export function layer<C>(before: Before<C>): Interceptor<C> {
  const alone = new Layers<C>([before], (error) => error);
  const interceptor = (call: C, next: () => Promise<void>) => alone.run(call, next);
  return Object.assign(Object.defineProperty(interceptor, "name", { value: before.name }), {
    before,
  });
}
