import type { CacheCodec } from "./codec.ts";
import { type CacheCounts, noCounts } from "./counts.ts";
import { Flight } from "./flight.ts";
import { RecentEntries } from "./recent-entries.ts";
import { SharedCodec } from "./shared-codec.ts";
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

class ReadThroughCache<Value> implements Cache<Value> {
  readonly name: string;
  readonly counts: CacheCounts = noCounts();
  readonly #ttlMs: number;
  readonly #negativeTtlMs: number;
  readonly #entries: RecentEntries<Value | undefined>;
  readonly #flights = new Map<string, Flight<Value | undefined>>();
  readonly #shared: SharedCodec<Value> | undefined;

  constructor(options: CacheOptions<Value>) {
    const { name, ttlMs, negativeTtlMs = ttlMs / 10, maxEntries = 10_000, shared } = options;
    this.name = name;
    this.#ttlMs = checked("ttlMs", ttlMs, 1);
    this.#negativeTtlMs = checked("negativeTtlMs", negativeTtlMs, 0);
    this.#entries = new RecentEntries(checked("maxEntries", maxEntries, 1));
    const listener = {
      invalidated: (keys: readonly string[]) => this.#forget(keys),
      missed: () => this.#forgetAll(),
    };
    this.#shared = shared && new SharedCodec(shared, name, listener, this.counts);
  }

  get size(): number {
    return this.#entries.size;
  }

  async get(
    key: string,
    load: (signal: AbortSignal) => Promise<Value | undefined>,
    signal?: AbortSignal,
  ): Promise<Value | undefined> {
    signal?.throwIfAborted();
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.counts.hits += 1;
      return entry.value;
    }
    this.counts.misses += 1;
    return await (this.#flights.get(key) ?? this.#start(key, load)).join(signal);
  }

  async invalidate(...keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    this.counts.invalidations += keys.length;
    this.#forget(keys);
    await this.#shared?.invalidate(keys);
  }

  #start(
    key: string,
    load: (signal: AbortSignal) => Promise<Value | undefined>,
  ): Flight<Value | undefined> {
    const over = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const flight = new Flight<Value | undefined>(
      (self) => this.#fill(key, load, self).finally(over),
      over,
    );
    this.#flights.set(key, flight);
    return flight;
  }

  async #fill(
    key: string,
    load: (signal: AbortSignal) => Promise<Value | undefined>,
    flight: Flight<Value | undefined>,
  ): Promise<Value | undefined> {
    const read = await this.#shared?.read(key);
    if (read?.found !== undefined) {
      const { value, ttlMs } = read.found;
      this.counts.sharedHits += 1;
      // Not longer than in the store, or it would be used for up to twice its time.
      if (!flight.isStale) this.#keep(key, value, ttlMs);
      return value;
    }
    this.counts.loads += 1;
    let value: Value | undefined;
    try {
      value = await load(flight.signal);
    } catch (error) {
      this.counts.loadFailures += 1;
      throw error;
    }
    if (flight.isStale) return value;
    const longest = value === undefined ? this.#negativeTtlMs : this.#ttlMs;
    const ttlMs = longest * (1 - Math.random() / 10);
    this.#keep(key, value, ttlMs);
    // Callers do not wait for it.
    if (read !== undefined && ttlMs > 0) void this.#shared?.write(key, read.ticket, value, ttlMs);
    return value;
  }

  #keep(key: string, value: Value | undefined, ttlMs: number): void {
    if (ttlMs > 0) this.#entries.set(key, value, ttlMs);
  }

  #forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.#entries.delete(key);
      const flight = this.#flights.get(key);
      if (flight === undefined) continue;
      // Its callers get what they asked for before; later ones start a new load.
      flight.isStale = true;
      this.#flights.delete(key);
    }
  }

  #forgetAll(): void {
    this.#entries.clear();
    this.#forget([...this.#flights.keys()]);
  }
}

function checked(name: string, value: number, min: number): number {
  if (value >= min && Number.isFinite(value)) return value;
  throw new RangeError(`${name} of a cache must be ${min} or more, not ${value}`);
}
