import {
  type DescEnum,
  type DescMessage,
  type JsonReadOptions,
  type JsonValue,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";
import { nearest } from "../../terminal/nearest.ts";

/** How JSON is read. */
export type ReadOptions = Partial<JsonReadOptions> & { readonly registry: Registry };

/** The type of a value: of a field, or of an element of one. */
export interface ValueType {
  readonly scalar?: ScalarType | undefined;
  readonly enum?: DescEnum | undefined;
  readonly message?: DescMessage | undefined;
}

/** Names of an enum that are listed at most. */
const maxListed = 8;

/**
 * What is wrong with the JSON of one value: what is expected, and what came.
 *
 * @param read throws if something is
 */
export function problemOfValue(
  type: ValueType,
  json: JsonValue,
  read: () => unknown,
): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (type.enum !== undefined) return enumProblem(type.enum, json);
    const expected = expectedForm(type);
    if (expected !== undefined) return `expected ${expected}, got ${shown(json)}`;
    return error.message.replace(/^cannot decode (?:\S+ )+from JSON: /, "");
  }
}

/** The type that a key of a map should have; undefined if it has it. */
export function expectedKey(type: ScalarType, key: string): string | undefined {
  if (type === ScalarType.STRING) return undefined;
  const legal = type === ScalarType.BOOL ? /^(?:true|false)$/ : /^-?\d+$/;
  return legal.test(key) ? undefined : nameOf(type);
}

/** Whether JSON numbers cannot hold all values. */
export function is64Bit({ scalar }: ValueType): boolean {
  return scalar !== undefined && /64$/.test(nameOf(scalar));
}

function enumProblem({ typeName, values }: DescEnum, json: JsonValue): string {
  const names = values.map(({ name }) => name);
  const near = typeof json === "string" ? nearest(json, names) : undefined;
  const rest = names.length - maxListed;
  const listed = names.slice(0, maxListed).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  const hint = near === undefined ? `it has ${listed}` : `did you mean ${near}?`;
  return `${shown(json)} is not a value of ${typeName}; ${hint}`;
}

function expectedForm({ scalar, message }: ValueType): string | undefined {
  if (message !== undefined) return forms[message.typeName];
  if (scalar === undefined) return undefined;
  return scalar === ScalarType.BYTES ? "bytes in base64" : nameOf(scalar);
}

/** The name of a scalar type in a proto. */
function nameOf(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

/** JSON of well-known types, apart from those that take anything. */
const forms: Readonly<Record<string, string>> = {
  "google.protobuf.Timestamp": 'a time such as "2026-01-31T12:00:00Z"',
  "google.protobuf.Duration": 'a time span such as "1.5s"',
  "google.protobuf.FieldMask": 'paths such as "name,address.street"',
  "google.protobuf.Struct": "an object",
  "google.protobuf.ListValue": "a list",
  "google.protobuf.Empty": "{}",
  "google.protobuf.BoolValue": "bool",
  "google.protobuf.BytesValue": "bytes in base64",
  "google.protobuf.DoubleValue": "double",
  "google.protobuf.FloatValue": "float",
  "google.protobuf.Int32Value": "int32",
  "google.protobuf.Int64Value": "int64",
  "google.protobuf.StringValue": "string",
  "google.protobuf.UInt32Value": "uint32",
  "google.protobuf.UInt64Value": "uint64",
};

/** JSON as it came, its beginning if it is long. */
function shown(json: JsonValue): string {
  const text = JSON.stringify(json);
  return text.length > maxShown ? `${text.slice(0, maxShown)}...` : text;
}

const maxShown = 60;
