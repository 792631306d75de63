import { expect, vi } from "vitest";
import { type Cache, createCache, jsonCodec } from "../../../../runtime/src/cache/index.ts";
import { type Redis, redisCacheStore } from "../../../../runtime/src/redis/index.ts";
import { connect, ping, startServer } from "../../redis/support/connect.ts";

interface User {
  readonly name: string;
}

export function cacheOf(redis: Redis, ttlMs = 60_000): Cache<User> {
  const shared = { store: redisCacheStore(redis), codec: jsonCodec<User>() };
  return createCache<User>({ name: "users", ttlMs, shared });
}

/** Two processes, as far as Redis can tell: each has a connection and a cache of its own. */
export async function twoProcesses(...options: string[]) {
  const server = await startServer(...options);
  const connections = [await connect(server.url), await connect(server.url)];
  const [a, b] = connections.map(({ redis }) => ({ redis, cache: cacheOf(redis) }));
  if (a === undefined || b === undefined) throw new Error("there are two");
  await subscribed(server, 2);
  // What they do when they are connected is over, too.
  for (const { redis } of [a, b]) await ping(redis);
  return { server, a, b };
}

/** Waits until all caches hear of invalidations. */
export async function subscribed(
  server: { cli(...command: string[]): Promise<string> },
  caches: number,
): Promise<void> {
  const subscribers = () => server.cli("pubsub", "numsub", "shop:cache:users");
  await expect.poll(subscribers).toBe(`shop:cache:users\n${caches}`);
}

export const key = "shop:cache:users:1";
export const load = (name: string) => vi.fn(async () => ({ name }));
export const none = async () => undefined;

/** A load that ends when it is told to. */
export function held() {
  let end: (user: User) => void = () => {};
  const ended = new Promise<User>((resolve) => {
    end = resolve;
  });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return {
    begun,
    end: (name: string) => end({ name }),
    load: () => {
      begin();
      return ended;
    },
  };
}

export const stored = (server: { cli(...command: string[]): Promise<string> }) =>
  server.cli("get", key);
