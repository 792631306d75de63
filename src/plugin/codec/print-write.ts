import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { CodecSource } from "./codec-source.ts";
import { control } from "./control.ts";
import { fieldCode } from "./field-code.ts";
import { hasPrototype, isImplicit, isRequired } from "./presence.ts";
import { scalarCode, tagOf } from "./scalar-code.ts";

/** Statements that write the message `m` to `b` from `start`, and return the position after it. */
export function printWrite(message: DescMessage, source: CodecSource): string[] {
  const sorted = [...message.fields].sort((a, b) => a.number - b.number);
  const lines = sorted.flatMap((field) => writeField(field, source));
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
  const tag = source.helper("tag");
  if (message === undefined) {
    const { scalar } = fieldCode(field);
    const head = `${tag}(b, p, ${tagOf(field.number, scalar?.wireType ?? 0)})`;
    return [`p = ${scalarCall(field, head, value, source)};`];
  }
  const argument = fieldCode(field).isWrapped ? `{ value: ${value} }` : value;
  return [
    `const s = ${tag}(b, p, ${tagOf(field.number, 2)});`,
    `p = ${writeContent(message, argument, "s", source)};`,
  ];
}

/** Writes a message behind the place for its length, at `start`. */
function writeContent(message: DescMessage, value: string, start: string, source: CodecSource) {
  return `${source.helper("close")}(b, ${start}, ${source.part("write", message)}(${value}, b, ${start} + 1))`;
}

function scalarCall(field: DescField, pos: string, value: string, source: CodecSource): string {
  const code = fieldCode(field);
  if (code.message !== undefined) throw new Error(`${field} is not a scalar`);
  const argument = code.isText ? `${source.helper("parsed")}(${value})` : value;
  return `${source.helper(code.scalar.write)}(b, ${pos}, ${argument})`;
}

function writeList(
  field: DescField & { fieldKind: "list" },
  name: string,
  source: CodecSource,
): string[] {
  if (!field.packed) {
    const value = writeValue(field, "each", source);
    return guarded(`for (const each of ${name} ?? [])`, value);
  }
  const writePacked = fieldCode(field).scalar?.writePacked;
  const values =
    writePacked === undefined
      ? [
          "  p = s + 1;",
          `  for (const each of ${name}) p = ${scalarCall(field, "p", "each", source)};`,
        ]
      : [`  p = ${source.helper(writePacked)}(b, s + 1, ${name});`];
  return [
    `if (${name} != null && ${name}.length > 0) {`,
    `  const s = ${source.helper("tag")}(b, p, ${tagOf(field.number, 2)});`,
    ...values,
    `  p = ${source.helper("close")}(b, s, p);`,
    "}",
  ];
}

function writeMap(
  field: DescField & { fieldKind: "map" },
  name: string,
  source: CodecSource,
): string[] {
  const tag = source.helper("tag");
  const key = scalarCode(field.mapKey);
  const { message } = field;
  const value = `${source.helper("valueAt")}(${name}, key)`;
  const writeEntry =
    message === undefined
      ? [
          `p = ${scalarCall(field, `${tag}(b, p, ${tagOf(2, fieldCode(field).scalar?.wireType ?? 0)})`, value, source)};`,
        ]
      : [
          `const v = ${tag}(b, p, ${tagOf(2, 2)});`,
          `p = ${writeContent(message, value, "v", source)};`,
        ];
  const statements = [
    `const s = ${tag}(b, p, ${tagOf(field.number, 2)});`,
    `p = ${source.helper(key.write)}(b, ${tag}(b, s + 1, ${tagOf(1, key.wireType)}), ${mapKey(key.type, source)});`,
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
