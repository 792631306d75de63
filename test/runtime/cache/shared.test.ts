import { describe, expect, test, vi } from "vitest";
import { type Cache, createCache, jsonCodec } from "../../../runtime/src/cache/index.ts";
import { type Redis, redisCacheStore } from "../../../runtime/src/redis/index.ts";
import { answers, connect, failureOf, ping, startServer } from "../redis/support/connect.ts";

interface User {
  readonly name: string;
}

function cacheOf(redis: Redis, ttlMs = 60_000): Cache<User> {
  const shared = { store: redisCacheStore(redis), codec: jsonCodec<User>() };
  return createCache<User>({ name: "users", ttlMs, shared });
}

/** Two processes, as far as Redis can tell: each has a connection and a cache of its own. */
async function twoProcesses(...options: string[]) {
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
async function subscribed(
  server: { cli(...command: string[]): Promise<string> },
  caches: number,
): Promise<void> {
  const subscribers = () => server.cli("pubsub", "numsub", "shop:cache:users");
  await expect.poll(subscribers).toBe(`shop:cache:users\n${caches}`);
}

const key = "shop:cache:users:1";
const load = (name: string) => vi.fn(async () => ({ name }));
const none = async () => undefined;

/** A load that ends when it is told to. */
function held() {
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

const stored = (server: { cli(...command: string[]): Promise<string> }) => server.cli("get", key);

describe("two processes", { tags: "redis-server" }, () => {
  test("share what one of them has loaded", async () => {
    const { server, a, b } = await twoProcesses();
    expect(await a.cache.get("1", load("Ada"))).toEqual({ name: "Ada" });
    await expect.poll(() => stored(server)).toBe('v{"name":"Ada"}');
    const unused = load("not this");
    expect(await b.cache.get("1", unused)).toEqual({ name: "Ada" });
    expect(unused).not.toHaveBeenCalled();
    expect(b.cache.counts).toMatchObject({ misses: 1, sharedHits: 1, loads: 0, storeFailures: 0 });
    const ttlMs = Number(await server.cli("pttl", key));
    expect(ttlMs).toBeGreaterThan(50_000);
    expect(ttlMs).toBeLessThanOrEqual(60_000);
  });

  test("share that there is no value", async () => {
    const { server, a, b } = await twoProcesses();
    expect(await a.cache.get("1", none)).toBeUndefined();
    await expect.poll(() => stored(server)).toBe("n");
    const unused = load("not this");
    expect(await b.cache.get("1", unused)).toBeUndefined();
    expect(unused).not.toHaveBeenCalled();
    expect(Number(await server.cli("pttl", key))).toBeLessThanOrEqual(6000);
  });

  test("a value from Redis does not last longer than there", async () => {
    const { server, a, b } = await twoProcesses();
    await a.cache.get("1", load("Ada"));
    await expect.poll(() => stored(server)).toBe('v{"name":"Ada"}');
    await server.cli("pexpire", key, "300");
    expect(await b.cache.get("1", load("new"))).toEqual({ name: "Ada" });
    expect(b.cache.size).toBe(1);
    await expect.poll(() => b.cache.get("1", load("new"))).toEqual({ name: "new" });
  });

  test("hear of each other's invalidations", async () => {
    const { server, a, b } = await twoProcesses();
    await a.cache.get("1", load("old"));
    await expect.poll(() => stored(server)).toBe('v{"name":"old"}');
    await b.cache.get("1", load("old"));
    await b.cache.get("2", load("other"));
    await a.cache.invalidate("1");
    await expect.poll(() => b.cache.size).toBe(1);
    expect(await b.cache.get("1", load("new"))).toEqual({ name: "new" });
    expect(await a.cache.get("1", load("newer"))).not.toEqual({ name: "old" });
    expect(await b.cache.get("2", load("not this"))).toEqual({ name: "other" });
  });

  test("do not hear of their own", async () => {
    const { a } = await twoProcesses();
    const invalidated = a.cache.invalidate("1");
    await a.cache.get("1", load("new"));
    await invalidated;
    await ping(a.redis);
    expect(a.cache.size).toBe(1);
  });

  test("a load that began before another's invalidation stores nothing", async () => {
    const { server, a, b } = await twoProcesses();
    const slow = held();
    const before = b.cache.get("1", slow.load);
    await slow.begun; // it has read the old row
    await a.cache.invalidate("1");
    await expect.poll(() => a.redis.run((client) => client.exists(key))).toBe(0);
    slow.end("old");
    expect(await before).toEqual({ name: "old" }); // asked before
    await ping(b.redis);
    expect(await stored(server)).toBe("");
    expect(await a.cache.get("1", load("new"))).toEqual({ name: "new" });
    await expect.poll(() => stored(server)).toBe('v{"name":"new"}');
    expect(await b.cache.get("1", load("not this"))).toEqual({ name: "new" });
  });

  test("what was read from Redis before an invalidation is not kept", async () => {
    const { server, a, b } = await twoProcesses();
    await a.cache.get("1", load("old"));
    await expect.poll(() => stored(server)).toBe('v{"name":"old"}');
    server.pause();
    const before = b.cache.get("1", load("not this"));
    await new Promise((resolve) => setImmediate(resolve)); // it is on its way
    const invalidated = b.cache.invalidate("1");
    server.resume();
    expect(await before).toEqual({ name: "old" });
    await invalidated;
    expect(b.cache.size).toBe(0);
  });

  test("nor does it replace what was loaded after the invalidation", async () => {
    const { server, a, b } = await twoProcesses();
    const slow = held();
    const before = b.cache.get("1", slow.load);
    await slow.begun;
    // The message to B gets lost: only the ticket in Redis keeps the old value out.
    await server.cli("del", key);
    await a.cache.get("1", load("new"));
    await expect.poll(() => stored(server)).toBe('v{"name":"new"}');
    slow.end("old");
    await before;
    await ping(b.redis);
    expect(await stored(server)).toBe('v{"name":"new"}');
  });

  test("the first of two loads at the same time is stored", async () => {
    const { server, a, b } = await twoProcesses();
    const [first, second] = [held(), held()];
    const calls = [a.cache.get("1", first.load), b.cache.get("1", second.load)];
    await Promise.all([first.begun, second.begun]);
    first.end("Ada");
    await calls[0];
    await expect.poll(() => stored(server)).toBe('v{"name":"Ada"}');
    second.end("Ada");
    expect(await calls[1]).toEqual({ name: "Ada" });
  });

  test("bytes that cannot be decoded are loaded again and replaced", async () => {
    const { server, a } = await twoProcesses();
    await server.cli("set", key, "v{broken");
    expect(await a.cache.get("1", load("Ada"))).toEqual({ name: "Ada" });
    await expect.poll(() => stored(server)).toBe('v{"name":"Ada"}');
    expect(a.cache.counts.storeFailures).toBe(1);
  });

  test("a value of another kind is no failure of the call", async () => {
    const { server, a } = await twoProcesses();
    await server.cli("lpush", key, "a list");
    expect(await a.cache.get("1", load("Ada"))).toEqual({ name: "Ada" });
    expect(a.cache.counts.storeFailures).toBe(1);
  });

  test("a message of somebody else disturbs nobody", async () => {
    const { server, a } = await twoProcesses();
    await a.cache.get("1", load("Ada"));
    await server.cli("publish", "shop:cache:users", "no JSON");
    await server.cli("publish", "shop:cache:users", '{"sender":"x"}');
    await server.cli("publish", "shop:cache:users", '{"sender":"x","keys":["1"]}');
    await expect.poll(() => a.cache.size).toBe(0);
    expect(await ping(a.redis)).toBe("PONG");
  });
});

describe("while Redis is away", { tags: "redis-server" }, () => {
  test.each([
    { fault: "killed", begin: "kill", end: "restart" },
    { fault: "hung", begin: "pause", end: "resume" },
  ] as const)("$fault: values are loaded, then shared again", async ({ begin, end }) => {
    const { server, a, b } = await twoProcesses();
    await a.cache.get("kept", load("kept"));
    await server[begin]();
    const calls = Array.from({ length: 300 }, (_, i) =>
      failureOf(a.cache.get(String(i), load("Ada"))),
    );
    for (const { error, ms } of await Promise.all(calls)) {
      expect(error).toBeUndefined();
      expect(ms).toBeLessThan(1000);
    }
    const later = await failureOf(a.cache.get("later", load("Ada")));
    expect(later.error).toBeUndefined();
    expect(later.ms).toBeLessThan(200); // less than the timeout
    expect(await a.cache.get("kept", load("not this"))).toEqual({ name: "kept" });
    expect(a.cache.counts.storeFailures).toBeGreaterThanOrEqual(301);

    await server[end]();
    for (const { redis } of [a, b]) await answers(redis);
    await a.cache.get("1", load("Ada"));
    await expect.poll(() => stored(server)).toBe('v{"name":"Ada"}');
    expect(await b.cache.get("1", load("not this"))).toEqual({ name: "Ada" });
  });

  test("an invalidation does not fail the write, and is made up for", async () => {
    const { server, a, b } = await twoProcesses();
    await a.cache.get("1", load("old"));
    await expect.poll(() => stored(server)).toBe('v{"name":"old"}');
    await b.cache.get("1", load("old"));
    server.pause();
    await expect.poll(async () => (await failureOf(ping(a.redis))).ms < 20).toBe(true);
    await a.cache.invalidate("1");
    expect(await a.cache.get("1", load("new"))).toEqual({ name: "new" }); // its own write
    server.resume();
    await expect
      .poll(() => b.cache.get("1", load("new")), { timeout: 10_000 })
      .toEqual({
        name: "new",
      });
    for (const { redis } of [a, b]) await answers(redis);
    expect(await stored(server)).not.toContain("old");
  });

  test("the last 10 000 keys are made up for", async () => {
    const { server, a } = await twoProcesses();
    for (const id of ["first", "second"]) await server.cli("set", `shop:cache:users:${id}`, "vold");
    server.pause();
    await expect.poll(async () => (await failureOf(ping(a.redis))).ms < 20).toBe(true);
    await a.cache.invalidate("first");
    await a.cache.invalidate("second", ...Array.from({ length: 9_999 }, (_, i) => String(i)));
    server.resume();
    await answers(a.redis);
    expect(await server.cli("keys", "shop:cache:users:*")).toBe("shop:cache:users:first");
  });

  test("only what is still to be invalidated is removed when it is back", async () => {
    const { server, a, b } = await twoProcesses();
    await a.cache.invalidate("1");
    await a.cache.get("1", load("new"));
    await expect.poll(() => stored(server)).toBe('v{"name":"new"}');
    await server.cli("client", "kill", "type", "pubsub");
    for (const { redis } of [a, b]) await answers(redis);
    await ping(a.redis);
    expect(await stored(server)).toBe('v{"name":"new"}');
  });

  test("an invalidation that failed is made up for, whatever came of an earlier one", async () => {
    const server = await startServer();
    const { redis } = await connect(server.url);
    let fails = false;
    const failing: Redis = {
      name: redis.name,
      tried: redis.tried,
      run: (commands) => (fails ? Promise.reject(new Error("away")) : redis.run(commands)),
      subscribe: (subscription) => redis.subscribe(subscription),
      close: () => redis.close(),
    };
    const cache = cacheOf(failing);
    await subscribed(server, 1);
    await ping(redis);
    const first = cache.invalidate("1");
    fails = true;
    await cache.invalidate("1");
    await first;
    await server.cli("set", key, "vold");
    await server.cli("client", "kill", "type", "pubsub");
    await expect.poll(() => stored(server)).toBe("");
  });

  test("what was in memory is not used when it is back: invalidations may have been missed", async () => {
    const { server, a, b } = await twoProcesses();
    await b.cache.get("1", load("old"));
    const slow = held();
    const before = b.cache.get("2", slow.load);
    await slow.begun;
    await server.cli("client", "kill", "type", "pubsub");
    await server.cli("client", "kill", "type", "normal");
    for (const { redis } of [a, b]) await answers(redis);
    expect(b.cache.size).toBe(0);
    slow.end("old");
    await before;
    expect(b.cache.size).toBe(0);
  });

  test("out of memory: values are loaded, and stored ones are read", async () => {
    const { server, a, b } = await twoProcesses("--maxmemory-policy", "noeviction");
    await a.cache.get("1", load("Ada"));
    await expect.poll(() => stored(server)).toBe('v{"name":"Ada"}');
    await server.cli("config", "set", "maxmemory", "1");
    expect(await b.cache.get("1", load("not this"))).toEqual({ name: "Ada" });
    expect(await b.cache.get("2", load("Grace"))).toEqual({ name: "Grace" });
    await a.cache.invalidate("1");
    await expect.poll(() => stored(server)).toBe("");
  });
});
