import { create } from "@bufbuild/protobuf";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { Ignore, KnownRegex } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { describe, expect, test } from "vitest";
import { openExampleValues } from "../../src/values/example-values.ts";
import { defectFinder } from "../../tooling/values/survives.ts";
import { type FieldSpec, messageOf, schemaOf } from "./support/schema.ts";

/** Ten examples obey the rules. */
async function expectObeyed(...fields: FieldSpec[]): Promise<void> {
  const schema = schemaOf({
    messages: { Example: fields, Other: [{ name: "id", type: "int32" }] },
  });
  const defectOf = defectFinder(await openExampleValues(schema));
  const labels = Array.from({ length: 10 }, (_, at) => String(at));
  expect(labels.flatMap((label) => defectOf(messageOf(schema), label) ?? [])).toEqual([]);
}

type Rules = NonNullable<FieldSpec["rules"]>;
type RulesOf<Case> = Extract<Rules["type"], { case: Case }>["value"];
const text = (value: RulesOf<"string">): Rules => ({ type: { case: "string", value } });
const wellKnown = (format: string): Rules =>
  text({ wellKnown: { case: format, value: true } } as RulesOf<"string">);

describe("strings", () => {
  test.each(
    [
      ["email", "hostname", "ip", "ipv4", "ipv6", "uri", "uriRef", "address", "uuid", "tuuid"],
      ["ipWithPrefixlen", "ipv4WithPrefixlen", "ipv6WithPrefixlen", "ipPrefix", "ipv4Prefix"],
      ["ipv6Prefix", "hostAndPort", "ulid", "protobufFqn", "protobufDotFqn"],
    ].flat(),
  )("%s", (format) => expectObeyed({ name: "value", type: "string", rules: wellKnown(format) }));

  test.each<[string, RulesOf<"string">]>([
    ["const", { const: "just this" }],
    ["in", { in: ["a", "b"], notIn: ["a"] }],
    ["len", { len: 7n }],
    ["min_len", { minLen: 300n }],
    ["max_len", { maxLen: 3n }],
    ["bytes", { minBytes: 40n, maxBytes: 41n }],
    ["len_bytes", { lenBytes: 5n }],
    [
      "prefix, suffix and contains",
      { prefix: "a-", suffix: "-z", contains: "홍길동", maxLen: 10n },
    ],
    ["not_contains", { notContains: "e", minLen: 1n }],
    [
      "http header name",
      { wellKnown: { case: "wellKnownRegex", value: KnownRegex.HTTP_HEADER_NAME } },
    ],
    [
      "http header value",
      { wellKnown: { case: "wellKnownRegex", value: KnownRegex.HTTP_HEADER_VALUE } },
    ],
    ["email with a suffix", { wellKnown: { case: "email", value: true }, suffix: "@acme.com" }],
    ["short email", { wellKnown: { case: "email", value: true }, maxLen: 8n }],
    ["uri with a prefix", { wellKnown: { case: "uri", value: true }, prefix: "https://acme.com/" }],
    ["example", { example: ["from the author"], minLen: 3n }],
  ])("%s", (_, value) => expectObeyed({ name: "value", type: "string", rules: text(value) }));

  test.each([
    "^[a-z]{3,5}-[0-9]{4}$",
    "^(foo|bar)+$",
    "^[^/]+/[^/]+$",
    "^\\+?[1-9]\\d{1,14}$",
    "^[A-Z][a-z]*( [A-Z][a-z]*)*$",
    "(?i)^abc$",
    "^\\p{Lu}\\p{L}*$",
    "^[[:alpha:]_][\\w.-]*$",
    "^(?P<year>\\d{4})-(?:0[1-9]|1[0-2])$",
    "^\\x41\\x{42}\\Q.*\\E$",
    "^[가-힣]{2,4}$",
    "^.{10}$",
    "^\\S+@\\S+\\.\\S+$",
    "[\\]\\-a]{2}",
    "^((a|b){2}){3}c?$",
    "^[^a-z]$",
    "^[\\D]{3}$",
    "a$|^b",
    "^[]-]$",
    "",
  ])("pattern %s", (pattern) =>
    expectObeyed({ name: "value", type: "string", rules: text({ pattern }) }),
  );

  test("a pattern and a length", () =>
    expectObeyed({
      name: "value",
      type: "string",
      rules: text({ pattern: "^[a-z]+(-[a-z]+)*$", minLen: 50n, maxLen: 60n }),
    }));
});

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

describe("other types", () => {
  test("bytes", () =>
    expectObeyed(
      { name: "fixed", type: "bytes", rules: { type: { case: "bytes", value: { len: 32n } } } },
      {
        name: "framed",
        type: "bytes",
        rules: {
          type: {
            case: "bytes",
            value: { prefix: Buffer.from([1, 2]), suffix: Buffer.from([3]), maxLen: 6n },
          },
        },
      },
      {
        name: "address",
        type: "bytes",
        rules: { type: { case: "bytes", value: { wellKnown: { case: "ip", value: true } } } },
      },
      {
        name: "word",
        type: "bytes",
        rules: { type: { case: "bytes", value: { pattern: "^[a-c]{9}$" } } },
      },
    ));

  test("bool and enum", () =>
    expectObeyed(
      { name: "accepted", type: "bool", rules: { type: { case: "bool", value: { const: true } } } },
      {
        name: "defined",
        type: ".test.Colour",
        rules: { required: true, type: { case: "enum", value: { definedOnly: true, notIn: [1] } } },
      },
      {
        name: "one",
        type: ".test.Colour",
        rules: { type: { case: "enum", value: { in: [2] } } },
      },
    ));

  test("repeated", () =>
    expectObeyed(
      {
        name: "tags",
        type: "string",
        repeated: true,
        rules: {
          type: {
            case: "repeated",
            value: {
              minItems: 5n,
              maxItems: 5n,
              unique: true,
              items: text({ maxLen: 4n, minLen: 1n }),
            },
          },
        },
      },
      {
        name: "colours",
        type: ".test.Colour",
        repeated: true,
        rules: {
          type: {
            case: "repeated",
            value: {
              minItems: 3n,
              unique: true,
              items: { type: { case: "enum", value: { definedOnly: true } } },
            },
          },
        },
      },
      {
        name: "others",
        type: ".test.Other",
        repeated: true,
        rules: { type: { case: "repeated", value: { minItems: 12n } } },
      },
      {
        name: "none",
        type: "string",
        repeated: true,
        rules: { type: { case: "repeated", value: { maxItems: 0n } } },
      },
    ));

  test("timestamps, durations, wrappers, masks and any", () =>
    expectObeyed(
      {
        name: "past",
        type: ".google.protobuf.Timestamp",
        rules: {
          required: true,
          type: { case: "timestamp", value: { lessThan: { case: "ltNow", value: true } } },
        },
      },
      {
        name: "future",
        type: ".google.protobuf.Timestamp",
        rules: {
          type: { case: "timestamp", value: { greaterThan: { case: "gtNow", value: true } } },
        },
      },
      {
        name: "recent",
        type: ".google.protobuf.Timestamp",
        rules: {
          type: { case: "timestamp", value: { within: create(DurationSchema, { seconds: 600n }) } },
        },
      },
      {
        name: "early",
        type: ".google.protobuf.Timestamp",
        rules: {
          type: {
            case: "timestamp",
            value: {
              lessThan: { case: "lt", value: create(TimestampSchema, { seconds: -5_000n }) },
            },
          },
        },
      },
      {
        name: "short",
        type: ".google.protobuf.Duration",
        rules: {
          type: {
            case: "duration",
            value: {
              greaterThan: { case: "gt", value: create(DurationSchema) },
              lessThan: { case: "lt", value: create(DurationSchema, { nanos: 5 }) },
            },
          },
        },
      },
      { name: "name", type: ".google.protobuf.StringValue", rules: text({ len: 4n }) },
      {
        name: "mask",
        type: ".google.protobuf.FieldMask",
        rules: { type: { case: "fieldMask", value: { in: ["a", "b"] } } },
      },
      {
        name: "any",
        type: ".google.protobuf.Any",
        rules: { type: { case: "any", value: { in: ["type.googleapis.com/test.Other"] } } },
      },
    ));

  test("ignored rules", () =>
    expectObeyed({
      name: "value",
      type: "string",
      rules: { ignore: Ignore.ALWAYS, ...text({ const: "never", pattern: "(" }) },
    }));
});
