import { expect, test } from "vitest";
import { KeyTurns } from "../../../runtime/src/batches/index.ts";

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

test("work without a common key runs at the same time", () => {
  const { begun, work } = works();
  const turns = new KeyTurns();
  void turns.run(["a", "b"], work("first"));
  void turns.run(["c"], work("second"));
  expect(begun).toEqual(["first", "second"]);
});

test("work waits for earlier work that has one of its keys", async () => {
  const { begun, ends, work } = works();
  const turns = new KeyTurns();
  void turns.run(["a", "b"], work("first"));
  void turns.run(["b", "c"], work("second"));
  void turns.run(["c"], work("third"));
  await nextTurn();
  expect(begun).toEqual(["first"]);
  ends.get("first")?.resolve();
  await nextTurn();
  expect(begun).toEqual(["first", "second"]);
  ends.get("second")?.resolve();
  await nextTurn();
  expect(begun).toEqual(["first", "second", "third"]);
});

test("work does not run after earlier work with its key has failed", async () => {
  const { begun, ends, work } = works();
  const turns = new KeyTurns();
  const outcomes = Promise.allSettled([
    turns.run(["a"], work("first")),
    turns.run(["a"], work("second")),
  ]);
  const reason = new Error("the database is away");
  ends.get("first")?.reject(reason);
  expect(await outcomes).toMatchObject([{ reason }, { reason }]);
  expect(begun).toEqual(["first"]);
});
