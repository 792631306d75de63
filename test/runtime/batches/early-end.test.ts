import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { batches } from "../../../runtime/src/batches/index.ts";
import { all, isPending, numbers, settle, stream } from "./given-stream.ts";

afterEach(() => vi.useRealTimers());

describe("an early end", () => {
  const error = new Error("broken");

  test("a stream that fails drops what was gathered", async () => {
    const { source, give, end, seen } = stream<number>();
    const given = batches(source, { maxItems: 3 });
    give(1, 2, 3, 4);
    expect((await given.next()).value).toEqual([1, 2, 3]);
    end({ error });
    await expect(given.next()).rejects.toBe(error);
    expect(await given.next()).toEqual({ done: true, value: undefined });
    expect(seen.closed).toBe(0);
  });

  test("a signal that aborts ends the wait for a batch, and closes the stream", async () => {
    const { source, give, seen } = stream<number>();
    const caller = new AbortController();
    const given = batches(source, { maxItems: 3, maxWaitMs: 60_000, signal: caller.signal });
    give(1);
    const next = given.next();
    expect(await isPending(next)).toBe(true);
    caller.abort(error);
    await expect(next).rejects.toBe(error);
    expect(seen.closed).toBe(1);
    expect(getEventListeners(caller.signal, "abort")).toEqual([]);
  });

  test("a signal that aborts while the consumer is busy ends the next wait", async () => {
    const { source, give, seen } = stream<number>();
    const caller = new AbortController();
    const given = batches(source, { maxItems: 1, signal: caller.signal });
    give(1, 2, 3);
    await given.next();
    await settle();
    caller.abort(error);
    await expect(given.next()).rejects.toBe(error);
    expect(seen).toEqual({ asked: 2, closed: 1 });
  });

  test("a signal that has aborted leaves the stream alone", async () => {
    const { source, seen } = stream<number>();
    const given = batches(source, { maxItems: 1, signal: AbortSignal.abort(error) });
    await expect(given.next()).rejects.toBe(error);
    expect(seen).toEqual({ asked: 0, closed: 0 });
  });

  test("a signal that aborts after the last item ends the iteration as well", async () => {
    const caller = new AbortController();
    const given = batches(numbers(3), { maxItems: 2, signal: caller.signal });
    await given.next();
    await settle();
    caller.abort(error);
    await expect(given.next()).rejects.toBe(error);
  });

  test("a consumer that stops closes the stream, and leaves no timer and no listener", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { source, give, seen } = stream<number>();
    const { signal } = new AbortController();
    give(1, 2, 3);
    for await (const batch of batches(source, { maxItems: 2, maxWaitMs: 60_000, signal })) {
      expect(batch).toEqual([1, 2]);
      await settle();
      expect(vi.getTimerCount()).toBe(1);
      break;
    }
    expect(seen.closed).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("the end leaves no timer and no listener", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { signal } = new AbortController();
    await all(batches(numbers(5), { maxItems: 2, maxWaitMs: 60_000, signal }));
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("the consumer sees what the stream throws while it is closed", async () => {
    async function* failing() {
      try {
        yield* [1, 2, 3, 4];
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is what is tested
        throw error;
      }
    }
    const given = batches(failing(), { maxItems: 1 });
    await given.next();
    await settle();
    await expect(given.return()).rejects.toBe(error);
  });

  test("what measures an item may throw", async () => {
    const { source, give, seen } = stream<number>();
    const sizeOf = () => {
      throw error;
    };
    give(1);
    await expect(all(batches(source, { maxItems: 1, maxBytes: 1, sizeOf }))).rejects.toBe(error);
    expect(seen.closed).toBe(1);
  });
});
