import type { CacheCodec } from "./codec.ts";
import type { CacheCounts } from "./counts.ts";
import type { CacheStore } from "./store.ts";

/** Options of `createCache`. */
export interface CacheOptions<Value> {
  /** For metrics, and for the keys in a shared store. */
  readonly name: string;
  /** Milliseconds for which a value is used at most; up to a tenth less, so that not all end together. */
  readonly ttlMs: number;
  /** The same for `undefined`; 0 keeps none. Default: a tenth of `ttlMs`. */
  readonly negativeTtlMs?: number;
  /** Values in the memory of this process: beyond it, those that were not used for longest go. Default: 10 000. */
  readonly maxEntries?: number;
  /** Shares the values with other processes. Without it, others notice an invalidation by `ttlMs` only. */
  readonly shared?: { readonly store: CacheStore; readonly codec: CacheCodec<Value> } | undefined;
}

/** Values that are loaded when they are missing, made by `createCache`. */
export interface Cache<Value> {
  readonly name: string;
  /** What has happened so far, for `cacheMetrics`. */
  readonly counts: Readonly<CacheCounts>;
  /** Values in the memory of this process. */
  readonly size: number;
  /**
   * The value of a key. Callers that ask at the same time share one load.
   *
   * @param key has everything that the value depends on, such as a tenant: the caller may not matter
   * @param load returns undefined when there is no value. It runs for all callers: its signal aborts when
   * all of theirs have. Its failure reaches all of them and is not kept
   * @param signal ends the wait of this caller
   * @returns a value that others get too: do not change it
   * @throws what `load` throws, or the reason of `signal`. Never because of the shared store.
   */
  get(
    key: string,
    load: (signal: AbortSignal) => Promise<Value | undefined>,
    signal?: AbortSignal,
  ): Promise<Value | undefined>;
  /**
   * Forgets keys, here and in all processes. Loads that are under way are not kept. Call it after the
   * commit: a load between the two would read the old value.
   *
   * @returns resolves when the shared store has answered, or could not; never rejects
   */
  invalidate(...keys: string[]): Promise<void>;
}
