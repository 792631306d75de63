import { RESP_TYPES } from "@redis/client";
import type { SharedValue } from "../cache/store.ts";
import type { RedisClient } from "./client.ts";

/**
 * Returns what is at a key and its remaining time. Where nothing is, it leaves the ticket of the reader:
 * whoever reads before the value is stored gets the same. An invalidation removes it, and with it the
 * right to store what was loaded before.
 */
export const readScript = `
local found = redis.call('GET', KEYS[1])
if found then return {found, redis.call('PTTL', KEYS[1])} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {ARGV[1], 0}`;

/** Stores a value where the ticket still is. */
export const writeScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** First byte of what is stored. */
const tags = { ticket: 0x74, none: 0x6e, value: 0x76 };

export function tagged(tag: keyof typeof tags, bytes: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.concat([Buffer.of(tags[tag]), bytes]);
}

/** Runs a script for one key. The answer has bytes rather than texts. */
export function run(
  client: RedisClient,
  script: string,
  [key, ...parameters]: readonly [key: string, ...(string | Buffer)[]],
): Promise<unknown> {
  const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
  return client.sendCommand<unknown>(["EVAL", script, "1", key, ...parameters], { typeMapping });
}

/**
 * Reads the answer of `readScript`. Bytes of an unknown kind are a ticket: they may be overwritten.
 *
 * @throws TypeError when it is something else.
 */
export function sharedValueOf(answer: unknown): SharedValue {
  const [stored, ttlMs] = Array.isArray(answer) ? answer : [];
  if (!Buffer.isBuffer(stored) || typeof ttlMs !== "number") {
    throw new TypeError("the cache got an answer of Redis that it does not know");
  }
  if (stored[0] === tags.none) return { ticket: stored, found: { bytes: undefined, ttlMs } };
  if (stored[0] === tags.value)
    return { ticket: stored, found: { bytes: stored.subarray(1), ttlMs } };
  return { ticket: stored };
}
