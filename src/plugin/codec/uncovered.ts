import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import { wktPublicImportPaths } from "@bufbuild/protobuf/codegenv2";
import { shapeName } from "../message-names.ts";
import { isTypeName } from "../names.ts";

/** Names that plain objects inherit: a field of such a name seems to be set in all of them. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Well-known types whose fields are the same in each version of protobuf. */
const settled = new Set(
  [
    "any",
    "duration",
    "empty",
    "field_mask",
    "source_context",
    "struct",
    "timestamp",
    "wrappers",
  ].map((name) => `google/protobuf/${name}.proto`),
);

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * The most fields of a message that are written in one function. With some 700, TypeScript says that the function
 * is too large for control flow analysis (TS2563).
 */
const mostFields = 500;

/** The most members of a oneof: TypeScript takes 2 s to narrow 100 one by one, and 10 s for 160. */
const mostMembers = 100;

/** Why protobuf-es encodes a message. Undefined: generated code does. */
export function uncovered(message: DescMessage): string | undefined {
  if (isGrowing(message.file)) return "its fields depend on the version of protobuf";
  if (message.fields.length > mostFields) return `it has more than ${mostFields} fields`;
  const wide = message.oneofs.find(({ fields }) => fields.length > mostMembers);
  if (wide !== undefined) return `oneof ${wide.name} has more than ${mostMembers} fields`;
  for (const field of message.fields) {
    const reason = uncoveredField(field);
    if (reason !== undefined) return `field ${field.name} ${reason}`;
  }
  const oneof = message.oneofs.find(({ localName }) => isOdd(localName));
  return oneof && `the name of oneof ${oneof.name} is special in JavaScript`;
}

/**
 * Whether messages come from protobuf-es, which may know more or fewer fields than the compiler: code for
 * the fields of one would lose those of the other, or would not compile.
 */
function isGrowing({ proto }: DescFile): boolean {
  return Object.hasOwn(wktPublicImportPaths, proto.name) && !settled.has(proto.name);
}

function uncoveredField(field: DescField): string | undefined {
  if (isOdd(field.localName)) return "has a name that is special in JavaScript";
  if ("delimitedEncoding" in field && field.delimitedEncoding) return "is a group";
  if (field.message !== undefined && !isTypeName(shapeName(field.message))) {
    return "has a type that TypeScript cannot name";
  }
  return undefined;
}

function isOdd(name: string): boolean {
  return inherited.has(name) || !identifier.test(name);
}
