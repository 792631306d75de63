import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createCache } from "../../../../runtime/src/cache/index.ts";
import { cacheMetrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { metricValue } from "../../support/metric-values.ts";

test("caches are counted by name", async () => {
  const registry = new Registry();
  const users = createCache<string>({ name: "users", ttlMs: 60_000 });
  const orders = createCache<string>({ name: "orders", ttlMs: 60_000 });
  cacheMetrics([users, orders], { registry });
  await users.get("1", async () => "a");
  await users.get("1", async () => "a");
  await users.get("2", async () => "b");
  await users.get("3", () => Promise.reject(new Error("database"))).catch(() => {});
  await users.invalidate("1");

  const read = async (cache: string) => {
    const value = (metric: string, labels = {}) =>
      metricValue(registry, `cache_${metric}`, { cache, ...labels });
    return {
      memory: await value("hits_total", { layer: "memory" }),
      shared: await value("hits_total", { layer: "shared" }),
      misses: await value("misses_total"),
      loads: await value("loads_total"),
      loadFailures: await value("load_failures_total"),
      storeFailures: await value("store_failures_total"),
      invalidations: await value("invalidations_total"),
      entries: await value("entries"),
    };
  };
  const zero = { shared: 0, storeFailures: 0 };
  const counted = { memory: 1, misses: 3, loads: 3, loadFailures: 1, invalidations: 1, entries: 1 };
  expect(await read("users")).toEqual({ ...zero, ...counted });
  const nothing = Object.fromEntries(Object.keys(counted).map((name) => [name, 0]));
  expect(await read("orders")).toEqual({ ...zero, ...nothing });
  expect(await read("users")).toEqual({ ...zero, ...counted });
});

test("further caches are added to the same metrics", async () => {
  const registry = new Registry();
  const [users, orders] = ["users", "orders"].map((name) => createCache({ name, ttlMs: 60_000 }));
  if (users === undefined || orders === undefined) throw new Error("there are two");
  cacheMetrics([users], { registry });
  cacheMetrics([orders], { registry });
  for (const cache of [users, orders]) {
    await cache.invalidate("1");
    const labels = { cache: cache.name };
    expect(await metricValue(registry, "cache_invalidations_total", labels)).toBe(1);
  }
});
