import { type DescField, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { nearest } from "../../terminal/nearest.ts";
import { expectedKey, is64Bit, problemOfValue, type ReadOptions } from "./expected-values.ts";
import type { Problem } from "./problem.ts";

/** Messages in messages that protobuf-es reads. */
const maxDepth = 100;

/** Every mistake in the JSON of a message, with the path of its field: `address.street[2]`. */
export function messageProblems(
  desc: DescMessage,
  json: JsonValue,
  at: string,
  options: ReadOptions,
  depth = 0,
): Problem[] {
  // Types such as Timestamp, Any and Struct have a form of their own in JSON.
  if (desc.typeName.startsWith("google.protobuf.")) {
    const text = problemOfValue({ message: desc }, json, () => fromJson(desc, json, options));
    return text === undefined ? [] : [{ at, text }];
  }
  if (depth > maxDepth) return [{ at, text: `more than ${maxDepth} messages lie in each other` }];
  if (!isJsonObject(json)) {
    return [{ at, text: `expected an object with the fields of ${desc.typeName}` }];
  }
  return Object.entries(json).flatMap(([key, value]) => {
    const field = fieldNamed(desc, key);
    const path = at === "" ? key : `${at}.${key}`;
    if (field !== undefined) return fieldProblems(field, value, path, options, depth + 1);
    const isIgnored = options.ignoreUnknownFields === true || key.startsWith("[");
    return isIgnored ? [] : [unknownField(desc, key, path)];
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
  options: ReadOptions,
  depth: number,
): Problem[] {
  const { message } = field;
  // A field that is not set.
  if (value === null && message?.typeName !== "google.protobuf.Value") return [];
  const one = (item: JsonValue, path: string, whole: JsonValue): Problem[] => {
    if (message !== undefined) return messageProblems(message, item, path, options, depth);
    if (is64Bit(field) && Number.isInteger(item) && !Number.isSafeInteger(item)) {
      return [{ at: path, text: "a number this large must be quoted" }];
    }
    const text = problemOfValue(field, item, () =>
      fromJson(field.parent, { [field.name]: whole }, options),
    );
    return text === undefined ? [] : [{ at: path, text }];
  };
  if (field.fieldKind === "list") {
    if (!Array.isArray(value)) return [{ at, text: "expected a list" }];
    return value.flatMap((item, index) => one(item, `${at}[${index}]`, [item]));
  }
  if (field.fieldKind === "map") {
    if (!isJsonObject(value)) return [{ at, text: "expected an object with the entries" }];
    return Object.entries(value).flatMap(([key, item]) => {
      const path = `${at}[${JSON.stringify(key)}]`;
      const expected = expectedKey(field.mapKey, key);
      if (expected !== undefined) return [{ at: path, text: `expected a key of type ${expected}` }];
      return one(item, path, { [key]: item });
    });
  }
  return one(value, at, value);
}

function unknownField({ fields, typeName }: DescMessage, key: string, at: string): Problem {
  const near = nearest(
    key,
    fields.map(({ name }) => name),
  );
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return { at, text: `${typeName} has no such field${hint}` };
}
