import type { CacheCodec } from "./codec.ts";
import type { CacheCounts } from "./counts.ts";
import type { CacheStore, CacheStoreListener, SharedValues } from "./store.ts";

/** The answer to a read. */
interface Read<Value> {
  /** For the write of what is loaded now. */
  readonly ticket: Uint8Array;
  /** Undefined: nothing is known of the key. */
  readonly found: { readonly value: Value | undefined; readonly ttlMs: number } | undefined;
}

/** The shared values of a cache, decoded. What fails is counted: a cache works without its store. */
export class SharedCodec<Value> {
  readonly #values: SharedValues;
  readonly #codec: CacheCodec<Value>;
  readonly #counts: CacheCounts;

  constructor(
    { store, codec }: { readonly store: CacheStore; readonly codec: CacheCodec<Value> },
    cache: string,
    listener: CacheStoreListener,
    counts: CacheCounts,
  ) {
    this.#values = store.open(cache, listener);
    this.#codec = codec;
    this.#counts = counts;
  }

  /** Undefined when the store cannot be read. A value that cannot be decoded is not found. */
  read(key: string): Promise<Read<Value> | undefined> {
    return this.#counted(async () => {
      const { ticket, found } = await this.#values.read(key);
      if (found === undefined) return { ticket, found };
      const { bytes, ttlMs } = found;
      if (bytes === undefined) return { ticket, found: { value: undefined, ttlMs } };
      return { ticket, found: this.#decoded(bytes, ttlMs) };
    });
  }

  async write(
    key: string,
    ticket: Uint8Array,
    value: Value | undefined,
    ttlMs: number,
  ): Promise<void> {
    await this.#counted(async () => {
      const bytes = value === undefined ? undefined : this.#codec.encode(value);
      await this.#values.write(key, ticket, bytes, ttlMs);
    });
  }

  async invalidate(keys: readonly string[]): Promise<void> {
    await this.#counted(() => this.#values.invalidate(keys));
  }

  #decoded(bytes: Uint8Array, ttlMs: number): Read<Value>["found"] {
    try {
      return { value: this.#codec.decode(bytes), ttlMs };
    } catch {
      this.#counts.storeFailures += 1;
      return undefined;
    }
  }

  async #counted<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      this.#counts.storeFailures += 1;
      return undefined;
    }
  }
}
