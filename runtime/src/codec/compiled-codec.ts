import {
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  protoInt64,
} from "@bufbuild/protobuf";
import { type Codec, reflectCodec } from "../method.ts";
import { Reader } from "./reader.ts";
import { type Write, Writer } from "./slab.ts";

/** Reads a message of the bytes that the reader has, up to `end`. */
export type Read<M> = (reader: Reader, end: number) => M;

/** Reading calls no code of others: one reader is enough. */
const reader = new Reader();

/**
 * A codec of generated functions. They may throw anything, whatever the reason: then protobuf-es encodes
 * or decodes the message. So results and errors are always those of protobuf-es.
 */
export function compiledCodec<Desc extends DescMessage>(
  schema: Desc,
  write: Write<MessageInitShape<Desc>>,
  read: Read<MessageShape<Desc>>,
): Codec<Desc> {
  const reflected = reflectCodec(schema);
  // With BUF_BIGINT_DISABLE=1, integers of 64 bits are texts.
  if (!protoInt64.supported) return reflected;
  const writer = new Writer(write);
  return {
    schema,
    create: reflected.create,
    encode(message) {
      try {
        return writer.bytesOf(message);
      } catch {
        return reflected.encode(message);
      }
    },
    decode(bytes) {
      try {
        reader.start(bytes);
        return read(reader, bytes.length);
      } catch {
        return reflected.decode(bytes);
      } finally {
        reader.release();
      }
    },
  };
}
