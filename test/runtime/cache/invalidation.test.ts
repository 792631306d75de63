import { describe, expect, test } from "vitest";
import { cacheOf, controlled, settle } from "./support/controlled.ts";

describe("an invalidation", () => {
  test("makes the next call load", async () => {
    const cache = cacheOf();
    await cache.get("k", async () => "old");
    await cache.get("other", async () => "other");
    await cache.invalidate("k");
    expect(await cache.get("k", async () => "new")).toBe("new");
    expect(await cache.get("other", async () => "loaded again")).toBe("other");
    expect(cache.counts.invalidations).toBe(1);
  });

  test("keeps a load that began before from storing its value", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const before = cache.get("k", load);
    await settle();
    await cache.invalidate("k");
    const after = cache.get("k", load);
    await settle();
    expect(loads).toHaveLength(2); // the second does not join the first
    loads[1]?.resolve("new");
    expect(await after).toBe("new");
    loads[0]?.resolve("old");
    expect(await before).toBe("old");
    expect(await cache.get("k", load)).toBe("new");
  });

  test("lets later callers share one load, whenever the one before ends", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const before = cache.get("k", load);
    await settle();
    await cache.invalidate("k");
    const after = [cache.get("k", load)];
    loads[0]?.resolve("old");
    await before;
    after.push(cache.get("k", load));
    await settle();
    expect(loads).toHaveLength(2);
    loads[1]?.resolve("new");
    expect(await Promise.all(after)).toEqual(["new", "new"]);
  });

  test("in the order old load, invalidation, end of the load, keeps nothing", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const before = cache.get("k", load);
    await settle();
    await cache.invalidate("k");
    loads[0]?.resolve("old");
    await before;
    expect(cache.size).toBe(0);
  });

  test("forgets that there is no value", async () => {
    const cache = cacheOf();
    await cache.get("k", async () => undefined);
    await cache.invalidate("a", "k");
    expect(await cache.get("k", async () => "created")).toBe("created");
  });

  test("without keys does nothing", async () => {
    const cache = cacheOf();
    await cache.get("k", async () => "a");
    await cache.invalidate();
    expect(cache.size).toBe(1);
  });
});
