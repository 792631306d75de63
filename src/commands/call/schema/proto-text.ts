import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  ScalarType,
} from "@bufbuild/protobuf";
import { type Commented, commentLines } from "./comments.ts";

/** What can be printed as proto. */
export type Described = DescService | DescMethod | DescMessage | DescEnum;

/** A declaration as it stands in a .proto file, with its comments and without options. */
export function protoText(symbol: Described): string {
  return linesOf(symbol)
    .map((line) => `${line}\n`)
    .join("");
}

function linesOf(symbol: Described): string[] {
  return [...comments(symbol), ...declaration(symbol)];
}

function declaration(symbol: Described): string[] {
  switch (symbol.kind) {
    case "service":
      return block(`service ${symbol.typeName}`, symbol.methods.flatMap(linesOf));
    case "rpc":
      return [rpc(symbol)];
    case "enum":
      return block(`enum ${symbol.typeName}`, enumBody(symbol));
    case "message":
      return block(`message ${symbol.typeName}`, messageBody(symbol));
  }
}

function rpc({ name, input, output, methodKind, deprecated }: DescMethod): string {
  const streams = {
    unary: [false, false],
    server_streaming: [false, true],
    client_streaming: [true, false],
    bidi_streaming: [true, true],
  }[methodKind];
  const [from, to] = [input, output].map(
    ({ typeName }, index) => `${streams[index] ? "stream " : ""}${typeName}`,
  );
  return `rpc ${name}(${from}) returns (${to})${deprecated ? " [deprecated]" : ""};`;
}

function enumBody({ values }: DescEnum): string[] {
  return values.flatMap((value) => [...comments(value), `${value.name} = ${value.number};`]);
}

function messageBody({ members, nestedEnums, nestedMessages }: DescMessage): string[] {
  // Entries of maps are messages that nobody wrote.
  const nested = [
    ...nestedEnums,
    ...nestedMessages.filter(({ proto }) => !proto.options?.mapEntry),
  ];
  return [
    ...members.flatMap((member) =>
      member.kind === "oneof"
        ? [...comments(member), ...block(`oneof ${member.name}`, member.fields.flatMap(fieldLines))]
        : fieldLines(member),
    ),
    ...nested.map(({ kind, typeName }) => `// ${kind} ${typeName}`),
  ];
}

function fieldLines(field: DescField): string[] {
  const notes = field.deprecated ? " [deprecated]" : "";
  return [
    ...comments(field),
    `${label(field)}${typeOf(field)} ${field.name} = ${field.number}${notes};`,
  ];
}

/** Number of FieldPresence.EXPLICIT and LEGACY_REQUIRED. */
const required = 3;

function label({ fieldKind, presence, oneof, proto }: DescField): string {
  if (fieldKind === "list") return "repeated ";
  if (presence === required) return "required ";
  return proto.proto3Optional && oneof === undefined ? "optional " : "";
}

function typeOf(field: DescField): string {
  if (field.fieldKind === "map") {
    const value = field.message?.typeName ?? field.enum?.typeName ?? scalarName(field.scalar);
    return `map<${scalarName(field.mapKey)}, ${value}>`;
  }
  return field.message?.typeName ?? field.enum?.typeName ?? scalarName(field.scalar);
}

function scalarName(scalar: ScalarType | undefined): string {
  return scalar === undefined ? "?" : ScalarType[scalar].toLowerCase();
}

function block(head: string, body: readonly string[]): string[] {
  if (body.length === 0) return [`${head} {}`];
  return [`${head} {`, ...body.map((line) => (line === "" ? "" : `  ${line}`)), "}"];
}

function comments(symbol: Commented): string[] {
  return commentLines(symbol).map((line) => `//${line.trimEnd()}`);
}
