import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { CodecSource } from "./codec-source.ts";
import { control } from "./control.ts";
import { fieldCode } from "./field-code.ts";
import { hasPrototype, isImplicit } from "./presence.ts";
import { scalarCode, tagOf } from "./scalar-code.ts";

/** Expression for a message without any field set; undefined if protobuf-es must create it. */
export function emptyMessage(message: DescMessage, source: CodecSource): string[] | undefined {
  if (hasPrototype(message)) return undefined;
  const members = message.members.flatMap((member) => emptyMember(member, source));
  return [`$typeName: "${message.typeName}",`, ...members];
}

function emptyMember(member: DescField | DescOneof, source: CodecSource): string[] {
  if (member.kind === "oneof") return [`${member.localName}: { case: undefined },`];
  if (member.fieldKind === "list") return [`${member.localName}: [],`];
  if (member.fieldKind === "map") return [`${member.localName}: {},`];
  if (!isImplicit(member) || member.fieldKind === "message") return [];
  return [`${member.localName}: ${zero(member, source)},`];
}

function zero(field: DescField, source: CodecSource): string {
  const code = fieldCode(field);
  if (code.message !== undefined) throw new Error(`${field} is a message`);
  switch (code.scalar.type) {
    case "boolean":
      return "false";
    case "string":
      return '""';
    case "Uint8Array":
      return source.helper("noBytes");
    case "bigint":
      return code.isText ? '"0"' : source.helper("zero");
    default:
      return "0";
  }
}

/** The cases of a `switch` over the tag `t`, which read the fields of `m` with `r`. */
export function printCases(message: DescMessage, source: CodecSource): string[] {
  return message.fields.flatMap((field) => {
    if (field.fieldKind === "list") return listCases(field, source);
    if (field.fieldKind === "map") return mapCase(field, source);
    return singularCase(field, source);
  });
}

function singularCase(field: DescField, source: CodecSource): string[] {
  const { message, localName, oneof } = field;
  const name = oneof === undefined ? `m.${localName}` : `m.${oneof.localName}`;
  if (message === undefined) {
    const value = scalarRead(field, source);
    const set = oneof === undefined ? value : `{ case: "${localName}", value: ${value} }`;
    return [`case ${scalarTag(field)}:`, `  ${name} = ${set};`, "  break;"];
  }
  const value = messageRead(field, message, source);
  // Parts of one message that come apart are merged by protobuf-es.
  const isThere = oneof === undefined ? `${name} !== undefined` : `${name}.case === "${localName}"`;
  const set = oneof === undefined ? value : `{ case: "${localName}", value: ${value} }`;
  return [
    `case ${tagOf(field.number, 2)}:`,
    `  if (${isThere}) ${source.helper("leave")}();`,
    `  ${name} = ${set};`,
    "  break;",
  ];
}

/** Reads a message, and makes it what the field has in JavaScript. */
function messageRead(field: DescField, message: DescMessage, source: CodecSource): string {
  const read = `${source.part("read", message)}(r, r.end())`;
  const { isWrapped, isJson } = fieldCode(field);
  if (isWrapped) return `${read}.value`;
  return isJson ? `${source.helper("jsonOf")}(${read})` : read;
}

function scalarTag(field: DescField): number {
  return tagOf(field.number, fieldCode(field).scalar?.wireType ?? 0);
}

function scalarRead(field: DescField, source: CodecSource): string {
  const code = fieldCode(field);
  if (code.message !== undefined) throw new Error(`${field} is a message`);
  const { enum: desc, scalar, isText, isStrict } = code;
  if (desc !== undefined) {
    const isChecked = !desc.open && field.fieldKind === "enum";
    return isChecked ? `r.closedEnum(${source.schema(desc)})` : "r.enum()";
  }
  if (scalar.type === "string" && !isStrict) return "r.lenientString()";
  return isText ? `${source.helper("asText")}(r.${scalar.read}())` : `r.${scalar.read}()`;
}

function listCases(field: DescField & { fieldKind: "list" }, source: CodecSource): string[] {
  const name = `m.${field.localName}`;
  const { message } = field;
  if (message !== undefined) {
    const read = messageRead(field, message, source);
    return [`case ${tagOf(field.number, 2)}:`, `  ${name}.push(${read});`, "  break;"];
  }
  const read = scalarRead(field, source);
  const one = [`case ${scalarTag(field)}:`, `  ${name}.push(${read});`, "  break;"];
  const { scalar } = fieldCode(field);
  if (scalar?.wireType === 2) return one;
  const packed = packedCase(field, read, scalar?.readPacked);
  return field.packed ? [...packed, ...one] : [...one, ...packed];
}

function packedCase(field: DescField, read: string, readPacked: string | undefined): string[] {
  const name = `m.${field.localName}`;
  const head = `case ${tagOf(field.number, 2)}:`;
  if (readPacked !== undefined) return [head, `  ${name} = r.${readPacked}(${name});`, "  break;"];
  return [
    `${head} {`,
    "  const last = r.end();",
    `  while (r.pos < last) ${name}.push(${read});`,
    "  r.check(last);",
    "  break;",
    "}",
  ];
}

function mapCase(field: DescField & { fieldKind: "map" }, source: CodecSource): string[] {
  const key = scalarCode(field.mapKey);
  const isStrict = field.utf8Validation;
  const readKey = key.type === "string" && !isStrict ? "r.lenientString()" : `r.${key.read}()`;
  const leave = source.helper("leave");
  const value = mapValue(field, source);
  const statements = [
    "const last = r.end();",
    `let key = ${keyZero(key.type, source)};`,
    `let value${value.start};`,
    "while (r.pos < last) {",
    "  const tag = r.tag();",
    `  if (tag === ${tagOf(1, key.wireType)}) key = ${readKey};`,
    ...control(`else if (tag === ${value.tag})`, `value = ${value.read};`, 10).map(indented),
    `  else ${leave}();`,
    "}",
    "r.check(last);",
    value.set(`m.${field.localName}`, objectKey(key.type, source)),
    "break;",
  ];
  return [`case ${tagOf(field.number, 2)}: {`, ...statements.map(indented), "}"];
}

function indented(line: string): string {
  return `  ${line}`;
}

interface MapValue {
  /** Type or value of the variable before an entry is read. */
  readonly start: string;
  readonly tag: number;
  readonly read: string;
  set(map: string, key: string): string;
}

function mapValue(field: DescField & { fieldKind: "map" }, source: CodecSource): MapValue {
  const { message } = field;
  const set = (map: string, key: string) => `${map}[${key}] = value;`;
  if (message === undefined) {
    const tag = tagOf(2, fieldCode(field).scalar?.wireType ?? 0);
    const desc = field.enum;
    if (desc === undefined) {
      return { start: ` = ${zero(field, source)}`, tag, read: scalarRead(field, source), set };
    }
    const setEnum = source.helper("setEnum");
    return {
      start: ` = ${desc.values[0]?.number ?? 0}`,
      tag,
      read: "r.int32()",
      set: (map, key) => `${setEnum}(${map}, ${key}, value);`,
    };
  }
  // An entry without a value, or with two of them, is left to protobuf-es.
  const leave = source.helper("leave");
  const read = messageRead(field, message, source);
  return {
    start: source.type(
      `: ${fieldCode(field).isJson ? source.helperType("JsonObject") : source.shape(message)} | undefined`,
    ),
    tag: tagOf(2, 2),
    read: `value === undefined ? ${read} : ${leave}()`,
    set: (map, key) => `${map}[${key}] = value ?? ${leave}();`,
  };
}

function keyZero(type: string, source: CodecSource): string {
  switch (type) {
    case "string":
      return '""';
    case "boolean":
      return "false";
    case "bigint":
      return source.helper("zero");
    default:
      return "0";
  }
}

function objectKey(type: string, source: CodecSource): string {
  if (type === "string") return `${source.helper("ownKey")}(key)`;
  return type === "number" ? "key" : `${source.helper("asText")}(key)`;
}
