import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";
import { nearest } from "../../../terminal/nearest.ts";
import type { Problem } from "./problem.ts";

/** Every mistake in the JSON of a message, with the path of its field. */
export function messageProblems(
  desc: DescMessage,
  json: JsonValue,
  at: string,
  registry: Registry,
): Problem[] {
  // Types such as Timestamp, Any and Struct have a form of their own in JSON.
  if (desc.typeName.startsWith("google.protobuf.")) return wholeProblems(desc, json, at, registry);
  if (!isJsonObject(json)) return [{ at, text: `expected the fields of ${desc.typeName}` }];
  return Object.entries(json).flatMap(([key, value]) => {
    const field = fieldNamed(desc, key);
    const path = at === "" ? key : `${at}.${key}`;
    if (field === undefined) return [unknownField(desc, key, path)];
    return fieldProblems(field, value, path, registry);
  });
}

/** The field that a key of JSON names: in either spelling. */
export function fieldNamed(desc: DescMessage, key: string): DescField | undefined {
  return desc.fields.find(({ name, jsonName }) => name === key || jsonName === key);
}

export function isJsonObject(value: unknown): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldProblems(
  field: DescField,
  value: JsonValue,
  at: string,
  registry: Registry,
): Problem[] {
  const { message } = field;
  if (message !== undefined && value !== null && field.fieldKind === "message") {
    return messageProblems(message, value, at, registry);
  }
  if (message !== undefined && field.fieldKind === "list" && Array.isArray(value)) {
    return value.flatMap((item, index) =>
      messageProblems(message, item, `${at}[${index}]`, registry),
    );
  }
  if (is64Bit(field) && hasUnsafeInteger(value)) {
    return [{ at, text: "a number this large must be quoted" }];
  }
  return wholeProblems(field.parent, { [field.name]: value }, at, registry);
}

/** What the conversion of JSON says, which stops at the first mistake. */
function wholeProblems(
  desc: DescMessage,
  json: JsonValue,
  at: string,
  registry: Registry,
): Problem[] {
  try {
    fromJson(desc, json, { registry });
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ at, text: error.message.replace(/^cannot decode (?:\S+ )+from JSON: /, "") }];
  }
}

function unknownField(desc: DescMessage, key: string, at: string): Problem {
  const near = nearest(
    key,
    desc.fields.map(({ name }) => name),
  );
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return { at, text: `${desc.typeName} has no such field${hint}` };
}

function is64Bit({ scalar }: DescField): boolean {
  return scalar !== undefined && sizes64.has(scalar);
}

function hasUnsafeInteger(value: JsonValue): boolean {
  const values = Array.isArray(value) ? value : [value];
  return values.some((item) => Number.isInteger(item) && !Number.isSafeInteger(item));
}

const sizes64: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);
