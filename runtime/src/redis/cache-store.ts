import { randomBytes, randomUUID } from "node:crypto";
import type { CacheStore, CacheStoreListener, SharedValue, SharedValues } from "../cache/store.ts";
import { readScript, run, sharedValueOf, tagged, writeScript } from "./cache-scripts.ts";
import type { RedisClient } from "./client.ts";
import type { Redis } from "./redis.ts";

/** A load that takes longer is not stored: nobody knows any more whether its value is out of date. */
const longestLoadMs = 60_000;
/** Keys to remove when Redis is back. Of more, the oldest end with their TTL. */
const maxOwed = 10_000;

/**
 * Keeps the values of caches in Redis, and tells other processes by pub/sub what is invalidated. Keys are
 * `<service>:cache:<cache>:<key>`, the channel is `<service>:cache:<cache>`.
 *
 * @example
 * ```ts
 * const cache = createCache<User>({
 *   name: "users",
 *   ttlMs: 60_000,
 *   shared: redis && { store: redisCacheStore(redis), codec: messageCodec(UserSchema) },
 * });
 * ```
 */
export function redisCacheStore(redis: Redis): CacheStore {
  return { open: (cache, listener) => new RedisValues(redis, cache, listener) };
}

class RedisValues implements SharedValues {
  readonly #redis: Redis;
  readonly #channel: string;
  /** Tells our own messages apart. */
  readonly #sender = randomUUID();
  #invalidations = 0;
  /** Keys that are not known to be removed, with the number of their latest invalidation. */
  readonly #owed = new Map<string, number>();

  constructor(redis: Redis, cache: string, listener: CacheStoreListener) {
    this.#redis = redis;
    this.#channel = `${redis.name}:cache:${cache}`;
    redis.subscribe({
      channel: this.#channel,
      message: (text) => {
        const { sender, keys }: Invalidation = JSON.parse(text);
        if (sender !== this.#sender) listener.invalidated(keys);
      },
      connected: async (client) => {
        listener.missed();
        // The connection serves other commands even if this one is refused.
        await this.#remove(client, [...this.#owed.keys()]).catch(() => {});
      },
    });
  }

  async read(key: string): Promise<SharedValue> {
    const ticket = tagged("ticket", randomBytes(12));
    const answer = await this.#redis.run((client) =>
      run(client, readScript, [this.#keyOf(key), ticket, String(longestLoadMs)]),
    );
    return sharedValueOf(answer);
  }

  async write(
    key: string,
    ticket: Uint8Array,
    bytes: Uint8Array | undefined,
    ttlMs: number,
  ): Promise<void> {
    const value = bytes === undefined ? tagged("none") : tagged("value", bytes);
    const expected = Buffer.from(ticket);
    await this.#redis.run((client) =>
      run(client, writeScript, [this.#keyOf(key), expected, value, String(Math.ceil(ttlMs))]),
    );
  }

  async invalidate(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#owe(key);
    await this.#redis.run((client) => this.#remove(client, keys));
  }

  #owe(key: string): void {
    this.#invalidations += 1;
    this.#owed.delete(key);
    this.#owed.set(key, this.#invalidations);
    const [oldest] = this.#owed.keys();
    if (this.#owed.size > maxOwed && oldest !== undefined) this.#owed.delete(oldest);
  }

  /** Commands run in order: what is read later misses the keys. */
  async #remove(client: RedisClient, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const latest = this.#invalidations;
    const message: Invalidation = { sender: this.#sender, keys };
    await Promise.all([
      client.del(keys.map((key) => this.#keyOf(key))),
      client.publish(this.#channel, JSON.stringify(message)),
    ]);
    for (const key of keys) {
      // Not those that were invalidated again meanwhile.
      if ((this.#owed.get(key) ?? 0) <= latest) this.#owed.delete(key);
    }
  }

  #keyOf(key: string): string {
    return `${this.#channel}:${key}`;
  }
}

/** The messages of a channel. */
interface Invalidation {
  readonly sender: string;
  readonly keys: readonly string[];
}
