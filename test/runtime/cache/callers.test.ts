import { describe, expect, test, vi } from "vitest";
import { cacheOf, controlled, settle } from "./support/controlled.ts";

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
