/** Values that end by themselves, the most recently used ones only. */
export class RecentEntries<Value> {
  readonly #maxEntries: number;
  /** A Map keeps the order of insertion: the first entry is the one that was not used for longest. */
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** An entry, so that a value may be undefined. Undefined when there is none, or its time is over. */
  get(key: string): Entry<Value> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (performance.now() >= entry.untilMs) return undefined;
    this.#entries.set(key, entry);
    return entry;
  }

  /** @param ttlMs milliseconds until the entry ends */
  set(key: string, value: Value, ttlMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs: performance.now() + ttlMs });
    if (this.#entries.size <= this.#maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** A value and when it ends, on the clock of `performance`. */
export interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}
