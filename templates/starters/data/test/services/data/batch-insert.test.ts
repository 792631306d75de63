import { collect, failureOf } from "grpc-service/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { RecordFailure_Code as Code } from "../../../src/gen/data_pb.ts";
import { record, records, useDataTestApp } from "./data-test-app.ts";

const app = useDataTestApp({ batches: { maxRecords: 100, maxWaitMs: 50 } });
afterEach(() => vi.restoreAllMocks());

async function storedIds(): Promise<string[]> {
  return (await collect(app.data.queryRecords({}))).map(({ id }) => id);
}

/** A busy machine may need it. */
const patience = { timeout: 20_000 };

const counts = (received: number, inserted: number, duplicates: number, failed = 0) => ({
  received: BigInt(received),
  inserted: BigInt(inserted),
  duplicates: BigInt(duplicates),
  failed: BigInt(failed),
});

test("stores all records in batches and replies once", async () => {
  const insert = vi.spyOn(app.store, "insert");
  expect(await app.data.batchInsert(records(250))).toMatchObject(counts(250, 250, 0));
  const sizes = insert.mock.calls.map(([batch]) => batch.length);
  expect(sizes.filter((size) => size > 100)).toEqual([]);
  expect(sizes.length).toBeGreaterThanOrEqual(3);
  expect(await storedIds()).toHaveLength(250);
});

test("accepts a stream without records", async () => {
  expect(await app.data.batchInsert([])).toMatchObject(counts(0, 0, 0));
});

test("stores what has come when nothing more comes for a while", async () => {
  const insert = vi.spyOn(app.store, "insert");
  let goOn = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* slowly() {
    yield record(1);
    await waiting;
    yield record(2);
  }
  const call = app.data.batchInsert(slowly());
  await expect.poll(storedIds, patience).toEqual(["r1"]);
  goOn();
  expect(await call).toMatchObject(counts(2, 2, 0));
  expect(insert).toHaveBeenCalledTimes(2);
});

describe("a record that is sent again", () => {
  test("is stored once, by this call or by another one", async () => {
    await app.data.batchInsert(records(150));
    expect(await app.data.batchInsert(records(200))).toMatchObject(counts(200, 50, 150));
    const twice = [record(300), record(301), record(300)];
    expect(await app.data.batchInsert(twice)).toMatchObject(counts(3, 2, 1));
    expect(await storedIds()).toHaveLength(202);
  });

  test("with other data is reported, and does not replace the first one", async () => {
    await app.data.batchInsert([record(1)]);
    const response = await app.data.batchInsert([
      record(0),
      { ...record(1), data: "other" },
      record(2),
      { ...record(2), time: { seconds: 99n } },
    ]);
    expect(response).toMatchObject({
      ...counts(4, 2, 0, 2),
      failures: [
        { index: 1n, id: "r1", code: Code.ALREADY_EXISTS, message: "id: another record has it" },
        { index: 3n, id: "r2", code: Code.ALREADY_EXISTS, message: "id: another record has it" },
      ],
    });
    expect(await storedIds()).toEqual(["r0", "r1", "r2"]);
  });
});

test("the first of several records with one id is stored, whatever batches they are in", async () => {
  const insert = app.store.insert.bind(app.store);
  const others: Promise<unknown>[] = [];
  vi.spyOn(app.store, "insert")
    .mockImplementation((batch, call) => {
      const inserting = insert(batch, call);
      others.push(inserting);
      return inserting;
    })
    .mockImplementationOnce(async (batch, call) => {
      // Time for the others to be faster.
      await new Promise((resolve) => setTimeout(resolve, 200));
      await Promise.all(others);
      return await insert(batch, call);
    });
  const sent = [...records(100), { ...record(5), data: "other" }];
  expect(await app.data.batchInsert(sent)).toMatchObject({
    ...counts(101, 100, 0, 1),
    failures: [{ index: 100n, id: "r5", code: Code.ALREADY_EXISTS }],
  });
  const stored = await collect(app.data.queryRecords({}));
  expect(stored.find(({ id }) => id === "r5")?.data).toBe("value 5");
});

describe("a record that is not valid", () => {
  test.each([
    [{ id: "" }, "id: must not be empty"],
    [{ id: "x".repeat(65) }, "id: must have at most 64 characters"],
    [{ id: "a\0b" }, "id: must not contain NUL"],
    [{ time: undefined }, "time: must be set"],
    [{ time: { seconds: 253_402_300_800n } }, "time: must be from year 1 to 9999"],
    [{ time: { seconds: 0n, nanos: -1 } }, "time: must be from year 1 to 9999"],
    [{ time: { seconds: 0n, nanos: 1_000_000_000 } }, "time: must be from year 1 to 9999"],
    [{ data: "a\0b" }, "data: must not contain NUL"],
    [{ data: "x".repeat(65_537) }, "data: must have at most 65536 characters"],
  ])("is left out and reported with its position (%#)", async (bad, message) => {
    const sent = records(150);
    sent[120] = { ...record(120), ...bad };
    const response = await app.data.batchInsert(sent);
    expect(response).toMatchObject(counts(150, 149, 0, 1));
    const id = "id" in bad ? "" : "r120";
    expect(response.failures).toMatchObject([
      { index: 120n, id, code: Code.INVALID_ARGUMENT, message },
    ]);
    expect(await storedIds()).toHaveLength(149);
  });

  test("is counted; the first 100 are listed", async () => {
    const sent = records(250).map((each) => ({ ...each, time: undefined }));
    const response = await app.data.batchInsert(sent);
    expect(response).toMatchObject(counts(250, 0, 0, 250));
    expect(response.failures.map(({ index }) => index)).toEqual(
      Array.from({ length: 100 }, (_, index) => BigInt(index)),
    );
  });
});

test("a busy store keeps the caller waiting", async () => {
  let free = (): void => {};
  const busy = new Promise<void>((resolve) => {
    free = resolve;
  });
  const insert = vi.spyOn(app.store, "insert").mockImplementation(async (batch) => {
    await busy;
    return { inserted: batch.length, refusals: [] };
  });
  let sent = 0;
  async function* large() {
    for (; sent < 400; sent += 1) yield { ...record(sent), data: "x".repeat(50_000) };
  }
  const call = app.data.batchInsert(large(), { timeoutMs: 25_000 });
  // 20 MB in all: a few stay in the batches and in the windows of HTTP/2.
  await vi.waitFor(() => expect(insert).toHaveBeenCalled(), patience);
  await new Promise((resolve) => setTimeout(resolve, 200)); // time to take more, if it would
  expect(sent).toBeLessThan(300);
  free();
  expect(await call).toMatchObject(counts(400, 400, 0));
});

describe("a call that ends early", () => {
  test("keeps what was stored before", async () => {
    const caller = new AbortController();
    async function* leaving() {
      yield* records(100);
      await expect.poll(storedIds, patience).toHaveLength(100);
      caller.abort();
      yield record(100);
    }
    const call = app.data.batchInsert(leaving(), { signal: caller.signal });
    expect((await failureOf(call)).code).toBe("CANCELLED");
    expect(await storedIds()).toHaveLength(100);
    expect(await app.data.batchInsert(records(101))).toMatchObject(counts(101, 1, 100));
  });

  test("by its deadline stores nothing more", async () => {
    async function* endless() {
      yield record(1);
      await new Promise(() => {}); // never half-closes
    }
    const failure = await failureOf(app.data.batchInsert(endless(), { timeoutMs: 1000 }));
    expect(failure.code).toBe("DEADLINE_EXCEEDED");
    expect(await storedIds()).toEqual(["r1"]);
  });
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.batchInsert([record(1)]));
  expect(failure.code).toBe("UNAUTHENTICATED");
  expect(await storedIds()).toEqual([]);
});
