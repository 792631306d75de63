import {
  type DescMessage,
  fromJson,
  type JsonValue,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { fieldNamed, isJsonObject } from "../../message-json/message-problems.ts";
import type { Match, Stub } from "./stub.ts";

/** @param fields JSON of the message, without mistakes */
export function createMatch(desc: DescMessage, fields: JsonValue, registry: Registry): Match {
  const expected = canonical(desc, fromJson(desc, fields, { registry }), registry);
  return { desc, fields, expected };
}

/** The stub for a request: that with the most fields that match, the first of several. */
export function bestStub(
  stubs: readonly Stub[],
  desc: DescMessage,
  request: Message,
  registry: Registry,
): Stub | undefined {
  if (stubs.length === 0) return undefined;
  const actual = jsonOf(desc, request, registry);
  let best: Stub | undefined;
  let bestCount = -1;
  for (const stub of stubs) {
    const count = stub.match === undefined ? 0 : matchingFields(stub.match, actual);
    if (count === undefined || count <= bestCount) continue;
    best = stub;
    bestCount = count;
  }
  return best;
}

/** Null for a request that has no form in JSON: an `Any` of an unknown type. No `match` fits it. */
function jsonOf(desc: DescMessage, request: Message, registry: Registry): JsonValue {
  try {
    return canonical(desc, request, registry);
  } catch {
    return null;
  }
}

function canonical(desc: DescMessage, message: Message, registry: Registry): JsonValue {
  return toJson(desc, message, { registry, alwaysEmitImplicit: true });
}

/** How many fields match; undefined if one does not. */
function matchingFields({ desc, fields, expected }: Match, actual: JsonValue): number | undefined {
  if (!isJsonObject(fields) || !isJsonObject(expected) || !isJsonObject(actual)) {
    return isEqual(expected, actual) ? 1 : undefined;
  }
  if (desc.typeName.startsWith("google.protobuf."))
    return isEqual(expected, actual) ? 1 : undefined;
  let count = 0;
  for (const [key, value] of Object.entries(fields)) {
    const field = fieldNamed(desc, key);
    if (field === undefined) return undefined;
    const [wanted = null, given = null] = [expected[field.jsonName], actual[field.jsonName]];
    const isMessage = field.fieldKind === "message" && value !== null && given !== null;
    const found = isMessage
      ? matchingFields({ desc: field.message, fields: value, expected: wanted }, given)
      : isEqual(wanted, given)
        ? 1
        : undefined;
    if (found === undefined) return undefined;
    count += found;
  }
  return count;
}

function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isEqual(item, b[at] ?? null));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key] ?? null, b[key] ?? null))
  );
}
