import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KeysetPages } from "../../../runtime/src/postgres/index.ts";

const { signal } = new AbortController();
const counted = { total: 1000, lastId: 1200 };

function pagesOf(maxPositions?: number) {
  const count = vi.fn(async () => counted);
  return { count, pages: new KeysetPages({ count, ...(maxPositions && { maxPositions }) }) };
}

test("the first page begins before all rows", async () => {
  const { pages } = pagesOf();
  expect(await pages.find(0, signal)).toEqual({ afterId: 0, skip: 0, counted });
});

test("a page after one that was read begins with its id, others by counting", async () => {
  const { pages } = pagesOf();
  pages.remember(20, 31, counted);
  expect(await pages.find(20, signal)).toMatchObject({ afterId: 31, skip: 0 });
  expect(await pages.find(40, signal)).toMatchObject({ afterId: 0, skip: 40 });
});

test("a page behind the counted rows is looked for among the newer ones only", async () => {
  const { pages } = pagesOf();
  expect(await pages.find(1000, signal)).toMatchObject({ afterId: 1200, skip: 0 });
  expect(await pages.find(2 ** 31, signal)).toMatchObject({ afterId: 1200, skip: 2 ** 31 - 1000 });
});

test.each([undefined, 1201])("a page that ends with the id %j is not remembered", async (id) => {
  const { pages } = pagesOf();
  pages.remember(20, id, counted);
  expect(await pages.find(20, signal)).toMatchObject({ afterId: 0, skip: 20 });
});

test("only so many pages are remembered, those that were used last", async () => {
  const { pages } = pagesOf(2);
  for (const offset of [10, 20, 30]) pages.remember(offset, offset, counted);
  expect(await pages.find(10, signal)).toMatchObject({ skip: 10 });
  expect(await pages.find(30, signal)).toMatchObject({ skip: 0 });
});

test("callers at the same time share one count", async () => {
  const { pages, count } = pagesOf();
  await Promise.all([pages.find(0, signal), pages.find(10, signal)]);
  await pages.find(20, signal);
  expect(count).toHaveBeenCalledTimes(1);
});

test("a caller that has left does not wait for the count", async () => {
  const { pages } = pagesOf();
  await expect(pages.find(0, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("rows are counted again, and positions forgotten, after half a minute", async () => {
    const { pages, count } = pagesOf();
    await pages.find(0, signal);
    pages.remember(20, 31, counted);
    vi.advanceTimersByTime(30_000);
    expect(await pages.find(20, signal)).toMatchObject({ skip: 20 });
    expect(count).toHaveBeenCalledTimes(2);
  });
});
