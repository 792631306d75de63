import { describe, test } from "vitest";
import { expectObeyed, type Rules, type RulesOf } from "./support/rules.ts";

describe("numbers", () => {
  test.each<[string, Rules]>([
    ["gt and lt", int32({ greaterThan: greater("gt", 10), lessThan: less("lt", 12) })],
    ["gte and lte", int32({ greaterThan: greater("gte", -5), lessThan: less("lte", -5) })],
    ["outside", int32({ greaterThan: greater("gt", 100), lessThan: less("lt", -100) })],
    ["far", int32({ greaterThan: greater("gt", 2_147_483_000) })],
    ["const", int32({ const: 42 })],
    ["in, not_in", int32({ in: [1, 2, 3], notIn: [1, 2] })],
    ["not_in", int32({ greaterThan: greater("gte", 0), lessThan: less("lte", 2), notIn: [0, 2] })],
    ["required", { required: true }],
    ["required within bounds", { required: true, ...int32({ lessThan: less("lte", 0) }) }],
  ])("int32 %s", (_, rules) => expectObeyed({ name: "value", type: "int32", rules }));

  test("64 bits", () =>
    expectObeyed(
      {
        name: "large",
        type: "uint64",
        rules: {
          type: { case: "uint64", value: { greaterThan: { case: "gt", value: 2n ** 63n } } },
        },
      },
      {
        name: "small",
        type: "int64",
        rules: {
          type: { case: "int64", value: { lessThan: { case: "lt", value: -(2n ** 62n) } } },
        },
      },
    ));

  test("floating point", () =>
    expectObeyed(
      {
        name: "between",
        type: "double",
        rules: {
          type: {
            case: "double",
            value: { greaterThan: greater("gt", 0.1), lessThan: less("lt", 0.2), finite: true },
          },
        },
      },
      {
        name: "narrow",
        type: "float",
        rules: {
          type: {
            case: "float",
            value: { greaterThan: greater("gte", 0.3), lessThan: less("lte", 0.31) },
          },
        },
      },
      {
        name: "large",
        type: "float",
        rules: { type: { case: "float", value: { greaterThan: greater("gt", 1e20) } } },
      },
    ));
});

function int32(value: RulesOf<"int32">): Rules {
  return { type: { case: "int32", value } };
}
function greater<const Case extends "gt" | "gte">(name: Case, value: number) {
  return { case: name, value };
}
function less<const Case extends "lt" | "lte">(name: Case, value: number) {
  return { case: name, value };
}
