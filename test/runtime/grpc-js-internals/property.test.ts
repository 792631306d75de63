import { expect, test } from "vitest";
import { isObject, property } from "../../../runtime/src/grpc-js-internals/property.ts";

test("a property by its name or its index, and inherited ones", () => {
  expect(property({ call: 1 }, "call")).toBe(1);
  expect(property(["first"], 0)).toBe("first");
  expect(property(Object.create({ call: 1 }), "call")).toBe(1);
});

test.each([undefined, null, 1, "text"])("fall-back: %j has no properties", (value) => {
  expect(isObject(value)).toBe(false);
  expect(property(value, "length")).toBeUndefined();
});

test.each([undefined, null, {}])("fall-back: %j is no key", (key) => {
  expect(property({ undefined: 1, null: 1 }, key)).toBeUndefined();
});
