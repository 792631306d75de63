import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { CodecSource } from "./codec-source.ts";
import { control } from "./control.ts";
import { fieldCode } from "./field-code.ts";
import { lengthBytes, scalarCode, tagBytes } from "./scalar-code.ts";

/** Statements that return an upper bound of the size of the message `m`. */
export function printBound(message: DescMessage, source: CodecSource): string[] {
  let constant = 0;
  const lines: string[] = [];
  for (const member of message.members) {
    const { fixed, varying } =
      member.kind === "oneof" ? oneofBound(member, source) : fieldBound(member, source);
    constant += fixed;
    lines.push(...varying);
  }
  const start = `${constant} + ${source.helper("rest")}(m)`;
  if (lines.length === 0) return [`return ${start};`];
  return [`let n = ${start};`, ...lines, "return n;"];
}

/** A part that is always counted, and statements that add the rest to `n`. */
interface Bound {
  readonly fixed: number;
  readonly varying: readonly string[];
}

/** At most one field is set. */
function oneofBound({ fields, localName }: DescOneof, source: CodecSource): Bound {
  const bounds = fields.map((field) => ({
    field,
    ...singular(field, `m.${localName}.value`, source),
  }));
  const varying = bounds.flatMap(({ field, content }) =>
    content === undefined
      ? []
      : control(`if (m.${localName}?.case === "${field.localName}")`, `n += ${content};`, 2),
  );
  return { fixed: Math.max(0, ...bounds.map(({ fixed }) => fixed)), varying };
}

function fieldBound(field: DescField, source: CodecSource): Bound {
  const name = `m.${field.localName}`;
  if (field.fieldKind === "list") return listBound(field, source);
  if (field.fieldKind === "map") return mapBound(field, source);
  const { fixed, content } = singular(field, name, source);
  if (content === undefined) return { fixed, varying: [] };
  // Texts and bytes may be undefined.
  const isOptional = field.fieldKind === "message";
  const add = `n += ${content};`;
  return { fixed, varying: isOptional ? control(`if (${name} != null)`, add, 2) : [add] };
}

/** Size of tag and length, or of all; and an expression for the content, if it varies. */
function singular(
  field: DescField,
  value: string,
  source: CodecSource,
): { fixed: number; content?: string } {
  const tag = tagBytes(field.number);
  const { scalar, message } = fieldCode(field);
  if (message !== undefined) {
    const part = source.part("bound", message);
    const argument = fieldCode(field).isWrapped ? `{ value: ${value} }` : value;
    return { fixed: tag + lengthBytes, content: `${part}(${argument})` };
  }
  const { bound, contentBound } = scalar;
  if (contentBound === undefined) return { fixed: tag + bound };
  return { fixed: tag + bound, content: `${source.helper(contentBound)}(${value})` };
}

function listBound(field: DescField & { fieldKind: "list" }, source: CodecSource): Bound {
  const name = `m.${field.localName}`;
  const { fixed, content } = singular(field, "each", source);
  if (content !== undefined) {
    const head = `for (const each of ${name} ?? [])`;
    return { fixed: 0, varying: control(head, `n += ${fixed} + ${content};`, 2) };
  }
  const { scalar } = fieldCode(field);
  if (!field.packed) return { fixed: 0, varying: [`n += ${fixed} * (${name}?.length ?? 0);`] };
  const each = scalar?.bound ?? 0;
  return {
    fixed: tagBytes(field.number) + lengthBytes,
    varying: [`n += ${each} * (${name}?.length ?? 0);`],
  };
}

function mapBound(field: DescField & { fieldKind: "map" }, source: CodecSource): Bound {
  const key = scalarCode(field.mapKey);
  const value = mapValue(field, source);
  const keyContent = key.contentBound && `${source.helper(key.contentBound)}(key)`;
  const fixed = tagBytes(field.number) + lengthBytes + 1 + key.bound + value.fixed;
  const sum = [fixed, keyContent, value.content].filter((part) => part !== undefined).join(" + ");
  const keys = `${source.helper("keys")}(m.${field.localName})`;
  if (keyContent === undefined && value.content === undefined) {
    return { fixed: 0, varying: [`n += ${fixed} * ${keys}.length;`] };
  }
  return { fixed: 0, varying: control(`for (const key of ${keys})`, `n += ${sum};`, 2) };
}

/** Its tag takes one byte. */
function mapValue(field: DescField & { fieldKind: "map" }, source: CodecSource) {
  const { scalar, message } = fieldCode(field);
  const value = () => `${source.helper("valueAt")}(m.${field.localName}, key)`;
  if (message !== undefined) {
    return { fixed: 1 + lengthBytes, content: `${source.part("bound", message)}(${value()})` };
  }
  const content = scalar.contentBound && `${source.helper(scalar.contentBound)}(${value()})`;
  return { fixed: 1 + scalar.bound, content };
}
