import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";

/** Turns values into bytes, for a store that several processes share. */
export interface CacheCodec<Value> {
  encode(value: Value): Uint8Array;
  /** @throws any error when the bytes are not those of a value: it is then loaded again. */
  decode(bytes: Uint8Array): Value;
}

/** Messages in the binary format of Protobuf, which old and new versions of a schema can read. */
export function messageCodec<Desc extends DescMessage>(
  schema: Desc,
): CacheCodec<MessageShape<Desc>> {
  return {
    encode: (message) => toBinary(schema, message),
    decode: (bytes) => fromBinary(schema, bytes),
  };
}

/**
 * Plain values as JSON: no `Date`, `bigint` or `undefined`. Nothing checks that what another version of
 * the service has stored is a `Value`: rename the cache when the type changes.
 */
export function jsonCodec<Value>(): CacheCodec<Value> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()),
  };
}
