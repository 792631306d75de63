import {
  type DescField,
  type DescMessage,
  type JsonValue,
  type JsonWriteOptions,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { type Any, anyUnpack, FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/** How messages are written as JSON. */
export type MessageJsonOptions = Partial<JsonWriteOptions> & { readonly registry: Registry };

/** Messages in each other, those in `google.protobuf.Any` included, that are unpacked. */
const maxDepth = 100;

/**
 * A message as JSON. What JSON of protobuf has no form for is shown all the same: a time outside of the years 1
 * to 9999 with its fields, a `Value` without a value as null, and an `Any` of a type that is not known, or whose
 * bytes are not of its type, as base64 under `@value`, as grpcurl prints it.
 */
export function messageJson(
  schema: DescMessage,
  message: Message,
  options: MessageJsonOptions,
): JsonValue {
  return jsonOf(schema, message, options, 0);
}

function jsonOf(
  schema: DescMessage,
  message: Message,
  options: MessageJsonOptions,
  depth: number,
): JsonValue {
  try {
    return toJson(schema, message, options);
  } catch {
    return leniently(reflect(schema, message), options, depth);
  }
}

function leniently(message: ReflectMessage, options: MessageJsonOptions, depth: number): JsonValue {
  const { typeName } = message.desc;
  // The descriptor has that name, so the message has these fields.
  if (typeName === "google.protobuf.Any") return anyJson(message.message as Any, options, depth);
  const names = namesOf(message.desc, options);
  const entries = message.sortedFields.flatMap((field): [string, JsonValue][] => {
    const isWritten = message.isSet(field) || (options.alwaysEmitImplicit && isImplicit(field));
    return isWritten ? [[names(field), fieldJson(message, field, options, depth + 1)]] : [];
  });
  switch (typeName) {
    case "google.protobuf.Value":
      return entries[0]?.[1] ?? null;
    case "google.protobuf.FieldMask":
      return String(entries[0]?.[1]);
    case "google.protobuf.ListValue":
    case "google.protobuf.Struct":
      return entries[0]?.[1] ?? {};
    default:
      return Object.fromEntries(entries);
  }
}

function namesOf({ typeName }: DescMessage, { useProtoFieldName }: MessageJsonOptions) {
  const isInProto = useProtoFieldName === true || typeName.startsWith("google.protobuf.");
  return (field: DescField) => (isInProto ? field.name : field.jsonName);
}

/** A field without presence: one that `alwaysEmitImplicit` writes. */
function isImplicit({ presence }: DescField): boolean {
  return presence === FeatureSet_FieldPresence.IMPLICIT;
}

function fieldJson(
  message: ReflectMessage,
  field: DescField,
  options: MessageJsonOptions,
  depth: number,
): JsonValue {
  const json = (value: unknown) => valueJson(field, value, options, depth);
  switch (field.fieldKind) {
    case "list":
      return [...message.get(field)].map(json);
    case "map": {
      const entries = [...message.get(field)].map(([key, value]) => [String(key), json(value)]);
      return Object.fromEntries(entries);
    }
    default:
      return json(message.get(field));
  }
}

/** One value of a field: an element of a list or map, or the only one. */
function valueJson(
  field: DescField,
  value: unknown,
  options: MessageJsonOptions,
  depth: number,
): JsonValue {
  if (isReflectMessage(value)) return jsonOf(value.desc, value.message, options, depth);
  if (field.enum?.typeName === "google.protobuf.NullValue") return null;
  if (typeof value === "number") {
    const name = field.enum?.value[value]?.name;
    return name ?? (Number.isFinite(value) ? value : String(value));
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "boolean" ? value : String(value);
}

function anyJson(any: Any, options: MessageJsonOptions, depth: number): JsonValue {
  const type = { "@type": any.typeUrl };
  const message = depth < maxDepth ? unpacked(any, options.registry) : undefined;
  if (message === undefined) {
    return { ...type, "@value": Buffer.from(any.value).toString("base64") };
  }
  const json = jsonOf(message.schema, message.message, options, depth + 1);
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? { ...type, ...json }
    : { ...type, value: json };
}

/** Undefined if the type is not known, or the bytes are not a message of it. */
function unpacked(any: Any, registry: Registry) {
  try {
    const message = anyUnpack(any, registry);
    const schema = message && registry.getMessage(message.$typeName);
    return message && schema && { message, schema };
  } catch {
    return undefined;
  }
}
