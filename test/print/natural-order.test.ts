import { expect, test } from "vitest";
import { compareNaturally } from "../../src/print/natural-order.ts";

test("numbers are sorted by value", () => {
  const sorted = ["a", "a1", "a1b", "a2", "a10", "a10b", "a010", "a100", "ab"];
  expect(sorted.toReversed().sort(compareNaturally)).toEqual(sorted);
});

test("a capital comes before its small letter, and both before the next", () => {
  const sorted = ["A", "AB", "Ab", "a", "aB", "ab", "B", "b", "É", "안녕"];
  expect(sorted.toReversed().sort(compareNaturally)).toEqual(sorted);
});

test("punctuation comes first, in an order of its own", () => {
  const sorted = [..."/?#=&;,@:. _-+*!%$()[]{}<>|^~'`0Aa"].map((character) => `a${character}`);
  expect(sorted.toReversed().sort(compareNaturally)).toEqual(sorted);
});

test("a prefix comes first", () => {
  expect(compareNaturally("a1", "a12")).toBeLessThan(0);
  expect(compareNaturally("ab", "a")).toBeGreaterThan(0);
  expect(compareNaturally("a1", "a1")).toBe(0);
});
