import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { shapeName } from "../message-names.ts";
import { isTypeName } from "../names.ts";

/** Names that plain objects inherit: a field of such a name seems to be set in all of them. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

const identifier = /^[A-Za-z_$][\w$]*$/;

/** Why protobuf-es encodes a message. Undefined: generated code does. */
export function uncovered(message: DescMessage): string | undefined {
  for (const field of message.fields) {
    const reason = uncoveredField(field);
    if (reason !== undefined) return `field ${field.name} ${reason}`;
  }
  const oneof = message.oneofs.find(({ localName }) => isOdd(localName));
  return oneof && `the name of oneof ${oneof.name} is special in JavaScript`;
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
