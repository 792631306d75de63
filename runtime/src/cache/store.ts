/** Where processes share the values of their caches. `redisCacheStore` of `grpc-service/redis` makes one. */
export interface CacheStore {
  /** @param cache name of the cache: others with the same name share its values */
  open(cache: string, listener: CacheStoreListener): SharedValues;
}

/** What a cache needs to hear of the other processes. */
export interface CacheStoreListener {
  /** Another process has invalidated these keys. */
  invalidated(keys: readonly string[]): void;
  /** Invalidations may have been missed: no value in memory can be trusted. */
  missed(): void;
}

/** Values in bytes. All methods reject when the store cannot be reached. */
export interface SharedValues {
  read(key: string): Promise<SharedValue>;
  /**
   * Stores a value if nobody has stored or invalidated the key since it was read.
   *
   * @param ticket of the read that came before the load of the value
   * @param bytes undefined: that there is none
   */
  write(
    key: string,
    ticket: Uint8Array,
    bytes: Uint8Array | undefined,
    ttlMs: number,
  ): Promise<void>;
  /**
   * Removes keys and tells the other processes. Keys that cannot be removed now are removed as soon as
   * the store is back.
   */
  invalidate(keys: readonly string[]): Promise<void>;
}

/** The answer to `SharedValues.read`. */
export interface SharedValue {
  /** For `write`. */
  readonly ticket: Uint8Array;
  /** Undefined: nothing is known of the key. */
  readonly found?: {
    /** Undefined: there is no such value. */
    readonly bytes: Uint8Array | undefined;
    /** Milliseconds until it ends. */
    readonly ttlMs: number;
  };
}
