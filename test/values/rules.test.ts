import { create } from "@bufbuild/protobuf";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { Ignore } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { describe, test } from "vitest";
import { expectObeyed, text } from "./support/rules.ts";

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
