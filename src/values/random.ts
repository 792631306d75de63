/**
 * A source of numbers that depends on its seed and on nothing else: it uses 32-bit integer arithmetic only,
 * which gives the same results on every machine and every Node.js.
 */
export class Random {
  readonly #key: number;
  #state: number;

  private constructor(key: number) {
    this.#key = key;
    this.#state = key;
  }

  static from(seed: string): Random {
    return new Random(hash(seed, 0x811c9dc5));
  }

  /** Another source. It depends on the label, and not on the numbers that were drawn from this one. */
  fork(label: string | number): Random {
    return new Random(hash(String(label), this.#key));
  }

  /** An integer from 0 up to and without `limit`, which is at most 2^32. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * limit);
  }

  /** An integer from `low` up to and including `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** The same for large numbers. */
  bigBetween(low: bigint, high: bigint): bigint {
    const drawn = (BigInt(this.#next()) << 32n) | BigInt(this.#next());
    return low + (drawn % (high - low + 1n));
  }

  /** True in this many of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** @throws RangeError for an empty list */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** `count` characters of an alphabet. */
  letters(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => alphabet[this.below(alphabet.length)]).join("");
  }

  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return mixed(this.#state);
  }
}

/** FNV-1a over the UTF-16 units, mixed, so that similar seeds give unrelated numbers. */
function hash(text: string, start: number): number {
  let value = start ^ text.length;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return mixed(value);
}

/** Spreads every bit over all others: the finalizer of MurmurHash3. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
