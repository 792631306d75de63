import type { Cache, CacheOptions } from "./cache.ts";
import { ReadThroughCache } from "./read-through-cache.ts";

/**
 * Creates a read-through cache: in memory and, with `shared`, in a store that processes share. While the
 * store is away, values are loaded as if they were missing, and those in memory are used until their time
 * is over.
 *
 * @throws RangeError when a time or `maxEntries` is not a number that makes sense.
 *
 * @example
 * ```ts
 * const users = createCache<User>({ name: "users", ttlMs: 60_000 });
 * const user = await users.get(String(id), (signal) => findUser(id, signal), context.signal);
 * ```
 */
export function createCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  return new ReadThroughCache(options);
}
