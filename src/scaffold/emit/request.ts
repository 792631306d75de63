import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { type MethodModel, streamsRequests } from "../../plugin/model.ts";
import type { Doc } from "../../print/doc.ts";
import { list } from "../../print/syntax.ts";

/** Facts about request messages, by full name. */
export interface Requests {
  /** The smallest valid request, where proto2 requires fields; `{}` for all others. */
  readonly literals: ReadonlyMap<string, Doc>;
  /** Messages with protovalidate rules, which the smallest request may break. */
  readonly ruled: ReadonlySet<string>;
}

export function describeRequests(messages: Iterable<DescMessage>): Requests {
  const literals = new Map<string, Doc>();
  const ruled = new Set<string>();
  for (const message of messages) {
    if (message.fields.some(isRequired)) literals.set(message.typeName, literal(message, 0));
    if (hasRules(message)) ruled.add(message.typeName);
  }
  return { literals, ruled };
}

/** The argument of a call: a request, or a stream of `count` requests. */
export function requestArgument(method: MethodModel, requests: Requests, count: 0 | 1): Doc {
  const request = requests.literals.get(method.input.typeName) ?? "{}";
  if (!streamsRequests(method)) return request;
  return count === 0 ? "[]" : list("[", [request], "]");
}

/** Number of the options `(buf.validate.message)`, `(buf.validate.oneof)`, `(buf.validate.field)`. */
const rulesNumber = 1159;

function hasRules({ proto, fields, oneofs }: DescMessage): boolean {
  const options = [
    proto,
    ...fields.map((field) => field.proto),
    ...oneofs.map((oneof) => oneof.proto),
  ];
  return options.some(({ options }) => options?.$unknown?.some(({ no }) => no === rulesNumber));
}

function literal(message: DescMessage, depth: number): Doc {
  const required = depth > 8 ? [] : message.fields.filter(isRequired);
  const items = required.map((field): Doc => [`${field.localName}: `, value(field, depth)]);
  return list("{", items, "}", " ");
}

function isRequired(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}

function value(field: DescField, depth: number): Doc {
  if (field.fieldKind === "message") return literal(field.message, depth + 1);
  if (field.fieldKind === "enum") return String(field.enum.values[0]?.number ?? 0);
  if (field.fieldKind !== "scalar") return "[]";
  if (field.scalar === ScalarType.STRING) return '""';
  if (field.scalar === ScalarType.BYTES) return "new Uint8Array()";
  if (field.scalar === ScalarType.BOOL) return "false";
  if (!is64Bit.has(field.scalar)) return "0";
  return field.longAsString ? '"0"' : "0n";
}

const is64Bit: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);
