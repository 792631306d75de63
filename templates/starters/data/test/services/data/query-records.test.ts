import { collect, failureOf, invalidFields } from "grpc-service/testing";
import { afterEach, expect, test, vi } from "vitest";
import { record, records, useDataTestApp } from "./data-test-app.ts";

const app = useDataTestApp();
afterEach(() => vi.restoreAllMocks());

const second = (seconds: number, nanos = 0) => ({ seconds: BigInt(seconds), nanos });

test.each([
  ["all", {}, ["r0", "r1", "r2", "r3", "r4"]],
  ["from 2 s on", { from: second(2) }, ["r2", "r3", "r4"]],
  ["up to 2 s", { to: second(2) }, ["r0", "r1"]],
  ["1 to 3 s", { from: second(1), to: second(3) }, ["r1", "r2"]],
  ["1 to 3 s and a microsecond", { from: second(1, 1000), to: second(3, 1000) }, ["r2", "r3"]],
  ["10 to 20 s", { from: second(10), to: second(20) }, []],
])("the records of a range, %s", async (_, range, ids) => {
  await app.data.batchInsert(records(5).reverse());
  const found = await collect(app.data.queryRecords(range));
  expect(found.map(({ id }) => id)).toEqual(ids);
});

test("sends what was stored, in microseconds", async () => {
  const years = [
    { seconds: -62_135_596_800n, nanos: 0 },
    { seconds: -1n, nanos: 999_999_000 },
    { seconds: 253_402_300_799n, nanos: 999_999_000 },
  ];
  const sent = years.map((time, index) => ({ id: `홍길동 ${index}`, time, data: '{"온도":21}' }));
  await app.data.batchInsert(sent);
  expect(await collect(app.data.queryRecords({}))).toMatchObject(sent);
  await app.data.batchInsert([{ ...record(1), time: second(1, 1999) }]);
  const [found] = await collect(app.data.queryRecords({ from: second(1), to: second(2) }));
  expect(found?.time).toMatchObject(second(1, 1000));
});

test("orders records of the same time by id, over many pages", async () => {
  const sent = Array.from({ length: 1700 }, (_, number) => ({
    ...{ id: `r${String(number).padStart(4, "0")}`, data: "x" },
    time: second(Math.floor(number / 1200)),
  }));
  await app.data.batchInsert(sent.toReversed());
  const found = await collect(app.data.queryRecords({}));
  expect(found.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
});

test("does not read far ahead of a slow caller", async () => {
  const sent = Array.from({ length: 400 }, (_, number) => ({
    ...record(number),
    data: "x".repeat(60_000),
  }));
  await app.data.batchInsert(sent);
  const seen = { read: 0, closed: false };
  const query = app.store.query.bind(app.store);
  vi.spyOn(app.store, "query").mockImplementation(async function* (range, call) {
    try {
      for await (const each of query(range, call)) {
        seen.read += 1;
        yield each;
      }
    } finally {
      seen.closed = true;
    }
  });
  const stream = app.data.queryRecords({})[Symbol.asyncIterator]();
  await stream.next();
  await new Promise((resolve) => setTimeout(resolve, 100)); // time to run ahead, if it would
  expect(seen.read).toBeLessThan(200);
  await stream.return?.();
  await expect.poll(() => seen.closed, { timeout: 20_000 }).toBe(true);
});

test.each([
  ["that is empty", { from: second(2), to: second(2) }, ["to"]],
  ["that ends before it begins", { from: second(3), to: second(2) }, ["to"]],
  ["without times", { from: second(0, -1), to: second(253_402_300_800) }, ["from", "to"]],
])("refuses a range %s", async (_, range, fields) => {
  const failure = await failureOf(app.data.queryRecords(range));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(fields);
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.queryRecords({}));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
