import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Cache, type CacheOptions, createCache } from "../../../runtime/src/cache/index.ts";

function cacheOf(options: Partial<CacheOptions<string>> = {}): Cache<string> {
  return createCache<string>({ name: "texts", ttlMs: 1000, ...options });
}

/** A load that counts itself and ends when it is told to. */
function controlled() {
  const loads: {
    readonly signal: AbortSignal;
    resolve(value: string | undefined): void;
    reject(error: Error): void;
  }[] = [];
  const load = (signal: AbortSignal) =>
    new Promise<string | undefined>((resolve, reject) => {
      loads.push({ signal, resolve, reject });
    });
  return { load, loads };
}

/** Lets what is under way go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

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

describe("callers that ask at the same time", () => {
  test("share one load", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const calls = Array.from({ length: 100 }, () => cache.get("k", load));
    await settle();
    expect(loads).toHaveLength(1);
    loads[0]?.resolve("a");
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["a"]));
    expect(cache.counts).toMatchObject({ misses: 100, loads: 1 });
  });

  test("get its failure, which is not kept", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const calls = Promise.allSettled([cache.get("k", load), cache.get("k", load)]);
    await settle();
    const failure = new Error("database");
    loads[0]?.reject(failure);
    for (const call of await calls) expect(call).toEqual({ status: "rejected", reason: failure });
    expect(await cache.get("k", async () => "b")).toBe("b");
    expect(cache.counts).toMatchObject({ loads: 2, loadFailures: 1 });
  });

  test("get the failure of a load that throws at once", async () => {
    const cache = cacheOf();
    const thrown = () => {
      throw new Error("at once");
    };
    await expect(cache.get("k", thrown)).rejects.toThrow("at once");
    expect(cache.counts.loadFailures).toBe(1);
  });

  test("leave without failing the others", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const leaving = new AbortController();
    const first = cache.get("k", load, leaving.signal);
    const second = cache.get("k", load, new AbortController().signal);
    const third = cache.get("k", load);
    await settle();
    const reason = new Error("the caller has left");
    leaving.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(loads[0]?.signal.aborted).toBe(false);
    loads[0]?.resolve("a");
    expect(await Promise.all([second, third])).toEqual(["a", "a"]);
    expect(loads).toHaveLength(1);
  });

  test("cancel the load when the last one leaves; the next starts a new one", async () => {
    const cache = cacheOf();
    const { load, loads } = controlled();
    const leaving = new AbortController();
    const calls = [cache.get("k", load, leaving.signal), cache.get("k", load, leaving.signal)];
    const ended = Promise.allSettled(calls);
    await settle();
    leaving.abort();
    await ended;
    expect(loads[0]?.signal.aborted).toBe(true);

    const next = cache.get("k", load);
    await settle();
    expect(loads).toHaveLength(2);
    loads[1]?.resolve("new");
    expect(await next).toBe("new");
    // The cancelled load did not look at its signal.
    loads[0]?.resolve("old");
    await settle();
    expect(await cache.get("k", load)).toBe("new");
  });

  test("that are cancelled before do not load", async () => {
    const load = vi.fn(async () => "a");
    await expect(cacheOf().get("k", load, AbortSignal.abort(new Error("gone")))).rejects.toThrow(
      "gone",
    );
    expect(load).not.toHaveBeenCalled();
  });
});

test("a signal that outlives its calls keeps no listeners of them", async () => {
  const cache = cacheOf();
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  for (let i = 0; i < 3; i++) await cache.get(`k${i}`, async () => "a", signal);
  await settle();
  expect(added).toHaveBeenCalledTimes(3);
  expect(removed).toHaveBeenCalledTimes(3);
});

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
