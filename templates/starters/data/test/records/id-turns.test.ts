import { expect, test } from "vitest";
import { IdTurns } from "../../src/records/id-turns.ts";

function batch(...ids: string[]) {
  return ids.map((id, index) => ({ index, id, time: { seconds: 0n, nanos: 0 }, data: "" }));
}

/** Notes when work begins, and lets a test end it. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const work = (name: string) => () =>
    new Promise<void>((resolve, reject) => {
      begun.push(name);
      ends.set(name, { resolve, reject });
    });
  return { begun, ends, work };
}

/** Long enough for everything that need not wait. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("batches without a common id are stored at the same time", () => {
  const { begun, work } = works();
  const turns = new IdTurns();
  void turns.run(batch("a", "b"), work("first"));
  void turns.run(batch("c"), work("second"));
  expect(begun).toEqual(["first", "second"]);
});

test("a batch waits for the earlier ones that have one of its ids", async () => {
  const { begun, ends, work } = works();
  const turns = new IdTurns();
  void turns.run(batch("a", "b"), work("first"));
  void turns.run(batch("b", "c"), work("second"));
  void turns.run(batch("c"), work("third"));
  await nextTurn();
  expect(begun).toEqual(["first"]);
  ends.get("first")?.resolve();
  await nextTurn();
  expect(begun).toEqual(["first", "second"]);
  ends.get("second")?.resolve();
  await nextTurn();
  expect(begun).toEqual(["first", "second", "third"]);
});

test("a batch is not stored after an earlier one with its id has failed", async () => {
  const { begun, ends, work } = works();
  const turns = new IdTurns();
  const outcomes = Promise.allSettled([
    turns.run(batch("a"), work("first")),
    turns.run(batch("a"), work("second")),
  ]);
  const reason = new Error("the database is away");
  ends.get("first")?.reject(reason);
  expect(await outcomes).toMatchObject([{ reason }, { reason }]);
  expect(begun).toEqual(["first"]);
});
