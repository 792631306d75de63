import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { CodecSource } from "./codec-source.ts";
import { control } from "./control.ts";
import { fieldCode } from "./field-code.ts";
import { hasPrototype, isImplicit, isRequired } from "./presence.ts";
import { scalarCode, tagOf } from "./scalar-code.ts";

/** Fields that the library has room for without a check: at most 15 bytes each, and 1024 are free. */
const mostUnchecked = 60;

/** Statements that write the message `m` to `b` from `start`, and return the position after it. */
export function printWrite(message: DescMessage, source: CodecSource): string[] {
  const sorted = [...message.fields].sort((a, b) => a.number - b.number);
  const lines = sorted.flatMap((field, index) => {
    const written = writeField(field, source);
    const isDue = index > 0 && index % mostUnchecked === 0;
    return isDue ? [`${source.helper("reserve")}(b, p, 0);`, ...written] : written;
  });
  const rest = (pos: string) => {
    return `return ${source.helper("unknown")}(b, ${pos}, m, "${message.typeName}");`;
  };
  return lines.length === 0 ? [rest("start")] : ["let p = start;", ...lines, rest("p")];
}

function writeField(field: DescField, source: CodecSource): string[] {
  const name = `m.${field.localName}`;
  if (field.fieldKind === "list") return writeList(field, name, source);
  if (field.fieldKind === "map") return writeMap(field, name, source);
  if (field.oneof !== undefined) {
    const { localName } = field.oneof;
    const value = writeValue(field, `m.${localName}.value`, source);
    return guarded(`if (m.${localName}?.case === "${field.localName}")`, value);
  }
  const value = writeValue(field, name, source);
  const lines = guarded(`if (${isSet(field, name, source)})`, value);
  return isRequired(field) ? [...lines, `else ${source.helper("leave")}();`] : lines;
}

function guarded(condition: string, statements: readonly string[]): string[] {
  const [only, ...more] = statements;
  return more.length === 0 && only !== undefined
    ? control(condition, only, 2)
    : [`${condition} {`, ...statements.map((line) => `  ${line}`), "}"];
}

/** In plain objects, fields may be undefined. */
function isSet(field: DescField, name: string, source: CodecSource): string {
  const isGiven = `${name} != null`;
  const code = fieldCode(field);
  if (code.message !== undefined) return isGiven;
  if (!isImplicit(field)) {
    const isOwn = hasPrototype(field.parent);
    return isOwn ? `${source.helper("has")}(m, "${field.localName}") && ${isGiven}` : isGiven;
  }
  switch (code.scalar.type) {
    case "boolean":
      return name;
    case "string":
      return `${isGiven} && ${name} !== ""`;
    case "Uint8Array":
      return `${isGiven} && ${name}.length > 0`;
    case "bigint":
      return code.isText ? `${isGiven} && ${source.helper("isNotZero")}(${name})` : name;
    default:
      return isFloat(field)
        ? `${isGiven} && ${source.helper("isSetFloat")}(${name})`
        : `${isGiven} && ${name} !== 0`;
  }
}

function isFloat({ scalar }: DescField): boolean {
  return scalar === ScalarType.FLOAT || scalar === ScalarType.DOUBLE;
}

/** Statements that write a value with its tag. */
function writeValue(field: DescField, value: string, source: CodecSource): string[] {
  const { message } = field;
  if (message === undefined) return [`p = ${scalarCall(field, field.number, value, source)};`];
  return [
    `const s = ${source.helper("open")}(b, p, ${tagOf(field.number, 2)});`,
    `p = ${writeContent(field, message, value, "s", source)};`,
  ];
}

/** Writes a message behind the place for its length, at `start`. */
function writeContent(
  field: DescField,
  message: DescMessage,
  value: string,
  start: string,
  source: CodecSource,
) {
  const write = source.part("write", message);
  const content = `${write}(${messageOf(field, value, source)}, b, ${start} + 1)`;
  return `${source.helper("close")}(b, ${start}, ${content})`;
}

/** A message of what a field has in JavaScript. */
function messageOf(field: DescField, value: string, source: CodecSource): string {
  const { isWrapped, isJson } = fieldCode(field);
  if (isWrapped) return `{ value: ${value} }`;
  return isJson ? `${source.helper("structOf")}(${value})` : value;
}

function scalarCall(field: DescField, number: number, value: string, source: CodecSource): string {
  const code = fieldCode(field);
  if (code.message !== undefined) throw new Error(`${field} is not a scalar`);
  const argument = code.isText ? `${source.helper("parsed")}(${value})` : value;
  const { write, wireType } = code.scalar;
  return `${source.helper(write)}(b, p, ${tagOf(number, wireType)}, ${argument})`;
}

function writeList(
  field: DescField & { fieldKind: "list" },
  name: string,
  source: CodecSource,
): string[] {
  const code = fieldCode(field);
  if (code.message === undefined && (field.packed || code.scalar.type === "string")) {
    const values = code.isText ? `${name}?.map(${source.helper("parsed")})` : name;
    const tag = tagOf(field.number, 2);
    return [`p = ${source.helper(`${code.scalar.write}s`)}(b, p, ${tag}, ${values});`];
  }
  const each = writeValue(field, "each", source);
  const hasOwnCheck = code.message !== undefined || code.scalar.wireType === 2;
  const checked = hasOwnCheck ? each : [`${source.helper("reserve")}(b, p, 0);`, ...each];
  return guarded(`for (const each of ${name} ?? [])`, checked);
}

function writeMap(
  field: DescField & { fieldKind: "map" },
  name: string,
  source: CodecSource,
): string[] {
  const open = source.helper("open");
  const key = scalarCode(field.mapKey);
  const { message } = field;
  const value = `${source.helper("valueAt")}(${name}, key)`;
  const writeEntry =
    message === undefined
      ? [`p = ${scalarCall(field, 2, value, source)};`]
      : [
          `const v = ${open}(b, p, ${tagOf(2, 2)});`,
          `p = ${writeContent(field, message, value, "v", source)};`,
        ];
  const statements = [
    `const s = ${open}(b, p, ${tagOf(field.number, 2)});`,
    `p = ${source.helper(key.write)}(b, s + 1, ${tagOf(1, key.wireType)}, ${mapKey(key.type, source)});`,
    ...writeEntry,
    `p = ${source.helper("close")}(b, s, p);`,
  ];
  return guarded(`for (const key of ${source.helper("keys")}(${name}))`, statements);
}

/** Keys are texts in JavaScript. */
function mapKey(type: string, source: CodecSource): string {
  switch (type) {
    case "string":
      return "key";
    case "boolean":
      return `${source.helper("boolKey")}(key)`;
    case "bigint":
      return `${source.helper("bigintKey")}(key)`;
    default:
      return `${source.helper("numberKey")}(key)`;
  }
}
