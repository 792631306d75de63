import {
  type DescField,
  type DescMessage,
  type JsonValue,
  type JsonWriteOptions,
  type Message,
  type Registry,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { UsageError } from "../../../terminal/errors.ts";
import { findField } from "../field-path.ts";
import { declareUnknownTypes } from "./unknown-any.ts";

/** How responses are printed. */
export interface PrintSettings {
  /** Path of the only field to print. */
  readonly field: string | undefined;
  readonly raw: boolean;
  readonly pretty: boolean;
  readonly emitDefaults: boolean;
  readonly protoNames: boolean;
}

type JsonOptions = Partial<JsonWriteOptions> & { readonly registry: Registry };

/** What is printed for a message. */
export type Printer = (message: Message) => string | Uint8Array;

/** The printer for messages of a type. @throws UsageError when the type has no such field */
export function responsePrinter(
  schema: DescMessage,
  registry: Registry,
  settings: PrintSettings,
): Printer {
  const options: JsonOptions = {
    registry,
    alwaysEmitImplicit: settings.emitDefaults,
    useProtoFieldName: settings.protoNames,
  };
  const spaces = settings.pretty ? 2 : 0;
  const line = (value: JsonValue) => `${JSON.stringify(value, null, spaces)}\n`;
  if (settings.field === undefined) {
    if (settings.raw) throw new UsageError("--raw needs --field");
    return (message) => line(jsonOf(schema, message, options));
  }
  const path = findField(schema, settings.field, "--field");
  const isBinary = isPlain(path.at(-1));
  if (settings.raw && isBinary) {
    return (message) => concatenate(valuesAt(reflect(schema, message), path));
  }
  const all: JsonOptions = { ...options, alwaysEmitImplicit: true, useProtoFieldName: true };
  return (message) => {
    const values = jsonAt([jsonOf(schema, message, all)], path);
    return values.map((value) => (settings.raw ? JSON.stringify(value) : line(value))).join("");
  };
}

function jsonOf(schema: DescMessage, message: Message, options: JsonOptions): JsonValue {
  try {
    return toJson(schema, message, options);
  } catch {
    const registry = declareUnknownTypes(schema, message, options.registry);
    return toJson(schema, message, { ...options, registry });
  }
}

/** Whether a field has text or bytes, which `--raw` prints as they are. */
function isPlain(field: DescField | undefined): boolean {
  if (field === undefined || field.fieldKind === "map") return false;
  return field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES;
}

/** The values of a field in a message; those of all elements if a list is on the way. */
function valuesAt(message: ReflectMessage, [field, ...rest]: readonly DescField[]): unknown[] {
  if (field === undefined || !message.isSet(field)) return [];
  const value: unknown = message.get(field);
  const values: unknown[] = field.fieldKind === "list" ? [...message.get(field)] : [value];
  if (rest.length === 0) return values;
  return values.flatMap((inner) => (isReflectMessage(inner) ? valuesAt(inner, rest) : []));
}

function concatenate(values: readonly unknown[]): Uint8Array {
  const parts = values.map((value) =>
    value instanceof Uint8Array ? value : Buffer.from(String(value)),
  );
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : Buffer.concat(parts);
}

function jsonAt(values: readonly JsonValue[], path: readonly DescField[]): JsonValue[] {
  return path.reduce<JsonValue[]>(
    (reached, { name }) =>
      reached.flatMap((value) => {
        if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
        const inner = value[name];
        if (inner === undefined) return [];
        return Array.isArray(inner) ? inner : [inner];
      }),
    [...values],
  );
}
