import { afterEach, describe, expect, test, vi } from "vitest";
import { type BatchOptions, batches } from "../../../runtime/src/batches/index.ts";
import { all, isPending, numbers, settle, stream } from "./given-stream.ts";

afterEach(() => vi.useRealTimers());

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
