import { describe, expect, test } from "vitest";
import type { Redis } from "../../../runtime/src/redis/index.ts";
import { answers, connect, failureOf, ping, startServer } from "../redis/support/connect.ts";
import { cacheOf, held, key, load, stored, subscribed, twoProcesses } from "./support/processes.ts";

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
