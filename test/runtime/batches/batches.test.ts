import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type BatchOptions, batches } from "../../../runtime/src/batches/index.ts";

afterEach(() => vi.useRealTimers());

/** A stream whose items are given by hand, and that says how it is used. */
function stream<T>() {
  const held: T[] = [];
  const seen = { asked: 0, closed: 0 };
  let wake = (): void => {};
  let end: { readonly error?: unknown } | undefined;
  async function next(): Promise<IteratorResult<T>> {
    seen.asked += 1;
    while (held.length === 0 && end === undefined && seen.closed === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const [value] = held.splice(0, 1);
    if (value !== undefined) return { done: false, value };
    if (end !== undefined && "error" in end) throw end.error;
    return { done: true, value: undefined };
  }
  const iterator = {
    next,
    async return(): Promise<IteratorResult<T>> {
      seen.closed += 1;
      wake();
      return { done: true, value: undefined };
    },
  };
  return {
    seen,
    source: { [Symbol.asyncIterator]: () => iterator },
    give(...items: T[]) {
      held.push(...items);
      wake();
    },
    end(how: { readonly error?: unknown } = {}) {
      end = how;
      wake();
    },
  };
}

async function* numbers(count: number) {
  for (let number = 0; number < count; number += 1) yield number;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Lets everything run that waits for nothing but promises. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise has settled when all others have. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  promise.then(
    () => {
      pending = false;
    },
    () => {
      pending = false;
    },
  );
  await settle();
  return pending;
}

describe("a batch is given", () => {
  test("when it has the most items, and at the end", async () => {
    expect(await all(batches(numbers(7), { maxItems: 3 }))).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(await all(batches(numbers(6), { maxItems: 3 }))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(await all(batches(numbers(2), { maxItems: 1 }))).toEqual([[0], [1]]);
  });

  test("never empty", async () => {
    expect(await all(batches(numbers(0), { maxItems: 3, maxWaitMs: 0 }))).toEqual([]);
  });

  test("before an item that makes it too large; one that is too large alone is a batch", async () => {
    async function* sizes() {
      yield* [4, 4, 4, 25, 10, 9, 1, 1];
    }
    const options = { maxItems: 100, maxBytes: 10, sizeOf: (size: number) => size };
    expect(await all(batches(sizes(), options))).toEqual([[4, 4], [4], [25], [10], [9, 1], [1]]);
  });

  test("when it has reached the most bytes, without waiting for another item", async () => {
    const { source, give } = stream<number>();
    const given = batches(source, { maxItems: 100, maxBytes: 10, sizeOf: (size) => size });
    give(6, 4);
    expect((await given.next()).value).toEqual([6, 4]);
  });

  test("when its first item has waited", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { source, give } = stream<string>();
    const given = batches(source, { maxItems: 100, maxWaitMs: 50 });
    const first = given.next();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    give("a");
    await settle();
    vi.advanceTimersByTime(40);
    give("b");
    expect(await isPending(first)).toBe(true);
    vi.advanceTimersByTime(10);
    expect((await first).value).toEqual(["a", "b"]);
    give("c");
    const second = given.next();
    await settle();
    vi.advanceTimersByTime(49);
    expect(await isPending(second)).toBe(true);
    vi.advanceTimersByTime(1);
    expect((await second).value).toEqual(["c"]);
  });

  test("at once when it has waited while the consumer was busy", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { source, give } = stream<string>();
    const given = batches(source, { maxItems: 2, maxWaitMs: 50 });
    give("a", "b", "c");
    expect((await given.next()).value).toEqual(["a", "b"]);
    await settle();
    vi.advanceTimersByTime(50);
    expect((await given.next()).value).toEqual(["c"]);
  });

  test("without waiting if it need not; what arrives meanwhile is the next one", async () => {
    const { source, give } = stream<string>();
    const given = batches(source, { maxItems: 100, maxWaitMs: 0 });
    const first = given.next();
    give("a", "b", "c");
    expect((await first).value).toEqual(["a"]);
    await settle();
    expect((await given.next()).value).toEqual(["b", "c"]);
  });
});

describe("backpressure", () => {
  test("nothing is read before the first batch is wanted", async () => {
    const { source, seen } = stream<number>();
    batches(source, { maxItems: 2 });
    await settle();
    expect(seen.asked).toBe(0);
  });

  test("one batch is read ahead of a busy consumer", async () => {
    const { source, seen, give } = stream<number>();
    const given = batches(source, { maxItems: 3 });
    give(1, 2, 3, 4, 5, 6, 7, 8, 9);
    await given.next();
    await settle();
    expect(seen.asked).toBe(6);
    await given.next();
    await settle();
    expect(seen.asked).toBe(9);
  });

  test("by bytes, one item more than a batch is read ahead", async () => {
    const { source, seen, give } = stream<number>();
    const given = batches(source, { maxItems: 100, maxBytes: 10, sizeOf: (size) => size });
    give(6, 6, 6, 6, 6);
    expect((await given.next()).value).toEqual([6]);
    await settle();
    expect(seen.asked).toBe(3);
  });

  test("several consumers share the batches", async () => {
    const given = batches(numbers(10), { maxItems: 2 });
    const shares = await Promise.all([all(given), all(given)]);
    expect(shares.flat(2).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(shares.map((share) => share.length > 0)).toEqual([true, true]);
  });
});

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

test.each<[Omit<BatchOptions<number>, "signal">, RegExp]>([
  [{ maxItems: 0 }, /^maxItems must be /],
  [{ maxItems: 1.5 }, /^maxItems must be /],
  [{ maxItems: Number.NaN }, /^maxItems must be /],
  [{ maxItems: 1, maxBytes: 0, sizeOf: () => 1 }, /^maxBytes must be /],
  [{ maxItems: 1, maxBytes: 1 }, /^maxBytes and sizeOf /],
  [{ maxItems: 1, sizeOf: () => 1 }, /^maxBytes and sizeOf /],
  [{ maxItems: 1, maxWaitMs: -1 }, /^maxWaitMs must be /],
  [{ maxItems: 1, maxWaitMs: 2 ** 31 }, /^maxWaitMs must be /],
])("refuses %j", (options, message) => {
  expect(() => batches(numbers(1), options)).toThrow(message);
  expect(() => batches(numbers(1), options)).toThrow(RangeError);
});
