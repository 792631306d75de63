import {
  create,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { fieldCode } from "../../../src/plugin/codec/field-code.ts";
import type { Random } from "../../plugin/fuzz/random.ts";

/** A valid message with values that encoders and decoders get wrong. Fields are left out at random. */
export function randomMessage(schema: DescMessage, random: Random, depth = 4): Message {
  return create(schema, randomInit(schema, random, depth));
}

/** The same as a plain object. */
export function randomInit(
  schema: DescMessage,
  random: Random,
  depth = 4,
): Record<string, unknown> {
  const init: Record<string, unknown> = {};
  for (const member of schema.members) {
    const isLeftOut = random.below(4) === 0;
    if (member.kind === "oneof") {
      const field = random.pick(member.fields);
      if (isLeftOut || field === undefined) continue;
      const value = one(field, random, depth);
      if (value !== undefined) init[member.localName] = { case: field.localName, value };
      continue;
    }
    const isRequired = member.presence === 3;
    if (isLeftOut && !isRequired) continue;
    const value = fieldValue(member, random, depth);
    if (value !== undefined) init[member.localName] = value;
  }
  return init;
}

function fieldValue(field: DescField, random: Random, depth: number): unknown {
  const items = () => Array.from({ length: random.below(4) }, () => one(field, random, depth));
  switch (field.fieldKind) {
    case "list":
      return items().filter((item) => item !== undefined);
    case "map":
      return Object.fromEntries(
        items()
          .filter((item) => item !== undefined)
          .map((item) => [String(scalar(field.mapKey, random)), item]),
      );
    default:
      return one(field, random, depth);
  }
}

/** One value of a field; undefined where messages would be nested too deeply. */
function one(field: DescField, random: Random, depth: number): unknown {
  const { message, scalar: type } = field;
  if (message !== undefined) {
    if (depth === 0) return undefined;
    if (fieldCode(field).isWrapped) return scalar(message.fields[0]?.scalar ?? 5, random);
    if (
      message.typeName === "google.protobuf.Struct" &&
      field.parent.typeName !== "google.protobuf.Value"
    ) {
      return json(random, 3);
    }
    return random.below(2) === 0
      ? randomMessage(message, random, depth - 1)
      : randomInit(message, random, depth - 1);
  }
  if (type === undefined) return enumNumber(field, random);
  const value = scalar(type, random);
  return typeof value === "bigint" && "longAsString" in field && field.longAsString
    ? String(value)
    : value;
}

function json(random: Random, depth: number): JsonObject {
  const value = (left: number): JsonValue => {
    const plain = [null, true, false, 0, -1.5, 1e300, "", "text", "한글"];
    if (left === 0 || random.below(2) === 0) return random.pick(plain) ?? null;
    if (random.below(2) === 0) return json(random, left - 1);
    return Array.from({ length: random.below(3) }, () => value(left - 1));
  };
  const names = Array.from({ length: random.below(4) }, () => random.pick(["a", "7", "한", ""]));
  return Object.fromEntries(names.map((name) => [name ?? "", value(depth)]));
}

function enumNumber({ enum: desc }: DescField, random: Random): number {
  const known = random.pick(desc?.values ?? [])?.number ?? 0;
  return desc?.open && random.below(3) === 0 ? (random.pick([7, -1, 2 ** 31 - 1]) ?? 0) : known;
}

const texts = [
  "",
  "a",
  "ada@example.com",
  "홍길동",
  "\ud83d\ude00",
  "\ufeffbom",
  "\ufffd",
  "\0",
  "é".repeat(50),
];
const int32s = [0, 1, -1, 127, 128, 300, 16384, 2 ** 31 - 1, -(2 ** 31)];
const uint32s = [0, 1, 127, 128, 2 ** 21, 2 ** 31, 2 ** 32 - 1];
const doubles = [0, -0, 1.5, -1e300, Number.NaN, Number.POSITIVE_INFINITY, 5e-324];
const floats = [
  0,
  -0,
  1.5,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  Math.fround(1e-40),
  Math.fround(0.1),
];
const int64s = [0n, 1n, -1n, 127n, 128n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const uint64s = [0n, 1n, 300n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n];

function scalar(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.STRING:
      return random.below(8) === 0
        ? "long ".repeat(random.below(600))
        : (random.pick(texts) ?? "") + "x".repeat(random.below(30));
    case ScalarType.BYTES:
      return Uint8Array.from({ length: random.below(40) }, () => random.below(256));
    case ScalarType.BOOL:
      return random.below(2) === 0;
    case ScalarType.DOUBLE:
      return random.pick(doubles);
    case ScalarType.FLOAT:
      return random.pick(floats);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return random.pick(int64s);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return random.pick(uint64s);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return random.pick(uint32s);
    default:
      return random.pick(int32s);
  }
}
