import {
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { decodeReflected } from "../decode-reflected.ts";
import type { Reader } from "./reader.ts";
import { reserve } from "./room.ts";

// Messages that generated code leaves to protobuf-es, as fields of messages that it encodes itself.

/** Writes the message without its length, and returns the position after it. */
export function writeReflected<Desc extends DescMessage>(
  schema: Desc,
  message: MessageInitShape<Desc>,
  bytes: Buffer,
  start: number,
): number {
  const encoded = toBinary(schema, create(schema, message));
  reserve(bytes, start, encoded.length);
  bytes.set(encoded, start);
  return start + encoded.length;
}

/** Reads the message up to `end`. */
export function readReflected<Desc extends DescMessage>(
  schema: Desc,
  reader: Reader,
  end: number,
): MessageShape<Desc> {
  const recursionLimit = reader.depthLeft();
  return decodeReflected(schema, reader.rest(end), { recursionLimit });
}
