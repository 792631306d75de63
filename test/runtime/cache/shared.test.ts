import { describe, expect, test } from "vitest";
import { ping } from "../redis/support/connect.ts";
import { held, key, load, none, stored, twoProcesses } from "./support/processes.ts";

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
