import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheOf } from "./support/controlled.ts";

test("a value is loaded once", async () => {
  const cache = cacheOf();
  const load = vi.fn(async () => "a");
  expect(await cache.get("k", load)).toBe("a");
  expect(await cache.get("k", load)).toBe("a");
  expect(await cache.get("other", load)).toBe("a");
  expect(load).toHaveBeenCalledTimes(2);
  expect(cache.counts).toMatchObject({ hits: 1, misses: 2, loads: 2, loadFailures: 0 });
  expect(cache.size).toBe(2);
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test.each([
    { random: 0, lastsMs: 1000 },
    { random: 0.999, lastsMs: 900.1 },
  ])("a value lasts $lastsMs ms with a random number of $random", async ({ random, lastsMs }) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const cache = cacheOf();
    await cache.get("k", async () => "old");
    vi.advanceTimersByTime(Math.floor(lastsMs) - 1);
    expect(await cache.get("k", async () => "new")).toBe("old");
    vi.advanceTimersByTime(2);
    expect(await cache.get("k", async () => "new")).toBe("new");
  });

  test("no value is kept for a tenth of the time, by default", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const cache = cacheOf();
    await cache.get("k", async () => undefined);
    vi.advanceTimersByTime(99);
    expect(await cache.get("k", async () => "created")).toBeUndefined();
    expect(cache.counts.hits).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await cache.get("k", async () => "created")).toBe("created");
  });

  test("no value is not kept with negativeTtlMs 0", async () => {
    const cache = cacheOf({ negativeTtlMs: 0 });
    expect(await cache.get("k", async () => undefined)).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(await cache.get("k", async () => "created")).toBe("created");
  });

  test("reading a value does not make it last longer", async () => {
    const cache = cacheOf();
    await cache.get("k", async () => "old");
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(100);
      await cache.get("k", async () => "new");
    }
    expect(await cache.get("k", async () => "newer")).toBe("new");
  });
});

test("the values that were not used for longest go first", async () => {
  const cache = cacheOf({ maxEntries: 2 });
  for (const key of ["a", "b"]) await cache.get(key, async () => key);
  await cache.get("a", async () => "again");
  await cache.get("c", async () => "c");
  expect(cache.size).toBe(2);
  expect(await cache.get("a", async () => "again")).toBe("a");
  expect(await cache.get("b", async () => "again")).toBe("again");
});

test.each([
  [{ ttlMs: 0 }, "ttlMs of a cache must be 1 or more, not 0"],
  [{ ttlMs: Number.NaN }, "ttlMs of a cache must be 1 or more, not NaN"],
  [{ ttlMs: Number.POSITIVE_INFINITY }, "ttlMs of a cache must be 1 or more, not Infinity"],
  [{ negativeTtlMs: -1 }, "negativeTtlMs of a cache must be 0 or more, not -1"],
  [{ maxEntries: 0 }, "maxEntries of a cache must be 1 or more, not 0"],
])("%j is refused", (options, problem) => {
  expect(() => cacheOf(options)).toThrow(new RangeError(problem));
});
