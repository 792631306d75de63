import {
  type DescField,
  type DescMessage,
  type JsonValue,
  type Message,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import {
  type MessageJsonOptions,
  messageJson,
} from "../../../../runtime/src/connect/message-json.ts";
import { UsageError } from "../../../terminal/errors.ts";
import { printableLines } from "../../../terminal/printable.ts";
import { jsonText } from "./json-text.ts";
import { parseSelection, type Step } from "./selection.ts";

/** How responses are printed. */
export interface PrintSettings {
  /** Path of the only field to print. */
  readonly field: string | undefined;
  readonly raw: boolean;
  /** Text that is printed as it is must be harmless then. */
  readonly toTerminal: boolean;
  readonly pretty: boolean;
  readonly emitDefaults: boolean;
  readonly protoNames: boolean;
}

/** What is printed for a message. */
export type Printer = (message: Message) => string | Uint8Array;

/** The printer for messages of a type. @throws UsageError when the type has no such field */
export function responsePrinter(
  schema: DescMessage,
  registry: Registry,
  settings: PrintSettings,
): Printer {
  const print = printerFor(schema, registry, settings);
  if (!settings.raw || !settings.toTerminal) return print;
  return (message) => printableLines(Buffer.from(print(message)).toString());
}

function printerFor(schema: DescMessage, registry: Registry, settings: PrintSettings): Printer {
  const options: MessageJsonOptions = {
    registry,
    alwaysEmitImplicit: settings.emitDefaults,
    useProtoFieldName: settings.protoNames,
  };
  const spaces = settings.pretty ? 2 : 0;
  const line = (value: JsonValue) => `${jsonText(value, spaces)}\n`;
  if (settings.field === undefined) {
    if (settings.raw) throw new UsageError("--raw needs --field");
    return (message) => line(messageJson(schema, message, options));
  }
  const { steps, fields, last } = parseSelection(schema, settings.field);
  // Without base64 on the way.
  if (settings.raw && fields !== undefined && isPlain(last)) {
    return (message) => concatenate(valuesAt(reflect(schema, message), fields));
  }
  const all: MessageJsonOptions = { ...options, alwaysEmitImplicit: true, useProtoFieldName: true };
  const print = settings.raw ? (value: JsonValue) => rawText(value, last) : line;
  return (message) => {
    const parts = jsonAt([messageJson(schema, message, all)], steps).map(print);
    return parts.some((part) => typeof part !== "string") ? concatenate(parts) : parts.join("");
  };
}

/** Texts and bytes as they are, anything else with a line end: two numbers would look like one. */
function rawText(value: JsonValue, field: DescField | undefined): string | Uint8Array {
  if (typeof value !== "string") return `${jsonText(value)}\n`;
  if (field?.scalar === ScalarType.BYTES) return Buffer.from(value, "base64");
  return field === undefined || field.scalar === ScalarType.STRING ? value : `${value}\n`;
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

/** The values that a path leads to. The elements of a list count as its values, unless an index follows. */
function jsonAt(values: readonly JsonValue[], steps: readonly Step[]): JsonValue[] {
  const reached = steps.reduce<readonly JsonValue[]>(
    (places, step) => places.flatMap((place) => valuesOf(place, step)),
    values,
  );
  return reached.flatMap((value) => (Array.isArray(value) ? value : [value]));
}

function valuesOf(place: JsonValue, step: Step): JsonValue[] {
  if (typeof place !== "object" || place === null) return [];
  if (Array.isArray(place)) {
    const inner = place[Number(step)];
    if (inner !== undefined) return [inner];
    return typeof step === "number" ? [] : place.flatMap((element) => valuesOf(element, step));
  }
  const inner = Object.hasOwn(place, step) ? place[step] : undefined;
  return inner === undefined ? [] : [inner];
}
