import type { Cache, CacheOptions } from "./cache.ts";
import { type CacheCounts, noCounts } from "./counts.ts";
import { Flight } from "./flight.ts";
import { RecentEntries } from "./recent-entries.ts";
import { SharedCodec } from "./shared-codec.ts";

/** The cache of `createCache`. */
export class ReadThroughCache<Value> implements Cache<Value> {
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
