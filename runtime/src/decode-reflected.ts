import {
  type BinaryReadOptions,
  type DescMessage,
  fromBinary,
  type MessageShape,
} from "@bufbuild/protobuf";
import { checkStructs, isStruct } from "./struct-parts.ts";

/**
 * Decodes with protobuf-es.
 *
 * @throws Error for bytes that are malformed, or that would take too long
 */
export function decodeReflected<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  options?: Partial<BinaryReadOptions>,
): MessageShape<Desc> {
  if (hasStruct(schema)) checkStructs(schema, bytes);
  return fromBinary(schema, bytes, options);
}

const known = new WeakMap<DescMessage, boolean>();

/** Whether there is a field in a message, or in those that it consists of, that is JSON in JavaScript. */
function hasStruct(schema: DescMessage): boolean {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const messages = new Set([schema]);
  let result = false;
  // The set grows while it is iterated over.
  for (const { fields } of messages) {
    for (const field of fields) {
      if (field.message !== undefined) messages.add(field.message);
      result ||= isStruct(field);
    }
  }
  known.set(schema, result);
  return result;
}
