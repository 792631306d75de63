import { describe, expect, test } from "vitest";
import { openExampleValues } from "../../src/values/example-values.ts";
import { ValueError } from "../../src/values/value-error.ts";
import { defectFinder } from "../../tooling/values/survives.ts";
import { type FieldSpec, messageOf, type SchemaSpec, schemaOf } from "./support/schema.ts";

/** What is wrong with five examples. */
async function defects(spec: SchemaSpec): Promise<string[]> {
  const schema = schemaOf(spec);
  const defectOf = defectFinder(await openExampleValues(schema));
  return ["a", "b", "c", "d", "e"].flatMap((label) => defectOf(messageOf(schema), label) ?? []);
}

function ruledField(type: string, expression: string): SchemaSpec {
  const rules: FieldSpec["rules"] = { cel: [{ id: "rule", message: "is wrong", expression }] };
  return { messages: { Example: [{ name: "value", type, rules }] } };
}

describe("expressions of a field", () => {
  test.each([
    ["string", "this.startsWith('order-')"],
    ["string", "this.endsWith('.kr') && this.size() > 4"],
    ["string", "this == 'a' || this == 'b'"],
    ["string", "this.matches('^[A-Z]{3}[0-9]{3}$')"],
    ["string", "this.size() == 17"],
    ["string", "this.contains('needle')"],
    ["int32", "this % 7 == 0 && this > 100"],
    ["int32", "this == 12345"],
    ["int64", "this > 5 && this < 9"],
    ["double", "this >= 0.25 && this <= 0.75"],
    ["bool", "this"],
    [".google.protobuf.Timestamp", "this < timestamp('2025-06-01T00:00:00Z')"],
    [".google.protobuf.Duration", "this > duration('100s')"],
  ])("%s: %s", async (type, expression) => {
    expect(await defects(ruledField(type, expression))).toEqual([]);
  });
});

describe("expressions of a message", () => {
  const example = (expression: string, ...fields: FieldSpec[]): SchemaSpec => ({
    messages: { Example: fields },
    rules: { Example: { cel: [{ id: "rule", message: "is wrong", expression }] } },
  });

  test("that compare fields", async () => {
    const fields = ["low", "high"].map((name) => ({ name, type: "int32" }));
    expect(await defects(example("this.low < this.high", ...fields))).toEqual([]);
    const times = ["start", "end"].map((name) => ({ name, type: ".google.protobuf.Timestamp" }));
    expect(await defects(example("this.start < this.end", ...times))).toEqual([]);
  });

  test("that forbid fields together", async () => {
    const fields = ["a", "b"].map((name) => ({ name, type: "string" }));
    expect(await defects(example("(this.a == '') != (this.b == '')", ...fields))).toEqual([]);
  });

  test("of nested messages", async () => {
    const spec: SchemaSpec = {
      messages: {
        Example: [{ name: "ranges", type: ".test.Range", repeated: true }],
        Range: [
          { name: "from", type: "int32" },
          { name: "to", type: "int32" },
        ],
      },
      rules: {
        Range: { cel: [{ id: "order", expression: "this.from <= this.to ? '' : 'order'" }] },
      },
    };
    expect(await defects(spec)).toEqual([]);
  });

  test("groups of which one may be set", async () => {
    const spec: SchemaSpec = {
      messages: {
        Example: [
          { name: "email", type: "string" },
          { name: "phone", type: "string" },
          { name: "other", type: ".test.Other" },
        ],
        Other: [{ name: "id", type: "int32" }],
      },
      rules: { Example: { oneof: [{ fields: ["email", "phone", "other"], required: true }] } },
    };
    expect(await defects(spec)).toEqual([]);
  });
});

describe("fails in one line", () => {
  test("when nothing satisfies a rule", async () => {
    const schema = schemaOf(ruledField("int32", "this > 5 && this < 5"));
    const values = await openExampleValues(schema);
    expect(() => values.message(messageOf(schema))).toThrow(
      new ValueError("no example of test.Example found that obeys its rules: value: is wrong"),
    );
  });

  test("when a rule cannot be used", async () => {
    const schema = schemaOf(ruledField("int32", "this.nonsense("));
    const values = await openExampleValues(schema);
    expect(() => values.message(messageOf(schema))).toThrow(
      /^the rules of test\.Example cannot be used: [^\n]*$/,
    );
  });

  test("when a message requires itself", async () => {
    const schema = schemaOf({
      messages: { Example: [{ name: "self", type: ".test.Example", rules: { required: true } }] },
    });
    const values = await openExampleValues(schema);
    expect(() => values.message(messageOf(schema))).toThrow(
      "test.Example cannot have an example: it requires itself",
    );
  });

  test("when a rule demands more than any peer accepts", async () => {
    const rules: FieldSpec["rules"] = {
      type: { case: "repeated", value: { minItems: 10_000_000n } },
    };
    const schema = schemaOf({
      messages: { Example: [{ name: "items", type: "int32", repeated: true, rules }] },
    });
    const values = await openExampleValues(schema);
    expect(() => values.message(messageOf(schema))).toThrow("items needs 10000000 items");
  });
});
