import { expect, test } from "vitest";
import { claimName, identifierName } from "../../src/print/names.ts";

test("words that cannot name a function get a dollar sign", () => {
  const names = ["delete", "await", "arguments", "then$", "get"];
  expect(names.map(identifierName)).toEqual(["delete$", "await$", "arguments$", "then$", "get"]);
});

test("the second of equal names gets a number", () => {
  const taken = new Set<string>();
  const claimed = ["a", "b", "a", "a", "a$1"].map((name) => claimName(name, taken));
  expect(claimed).toEqual(["a", "b", "a$1", "a$2", "a$1$1"]);
  expect(taken).toEqual(new Set(claimed));
});
