/**
 * What generated `*_codec.ts` files call: not for use by hand. Each file of `protoc-gen-grpc-service` works
 * with the library of its own version.
 */
export { type Codec, reflectCodec } from "../method.ts";
export { binary, rest, text } from "./bound.ts";
export { compiledCodec } from "./compiled-codec.ts";
export { asText, bigintKey, boolKey, numberKey, ownKey } from "./map-key.ts";
export type { Reader } from "./reader.ts";
export { readReflected, reflectedBound, writeReflected } from "./reflected.ts";
export type { Bytes } from "./slab.ts";
export { leave } from "./slow-path.ts";
export {
  has,
  isNotZero,
  isSetFloat,
  keys,
  noBytes,
  parsed,
  setEnum,
  valueAt,
  zero,
} from "./values.ts";
export {
  double,
  doubles,
  fixed32,
  fixed32s,
  fixed64,
  float,
  floats,
  sfixed32,
  sfixed32s,
  sfixed64,
} from "./write-fixed.ts";
export { unknown } from "./write-message.ts";
export { bytes, close, string } from "./write-text.ts";
export {
  bool,
  int32,
  int64,
  sint32,
  sint64,
  tag,
  uint32,
  uint64,
} from "./write-varint.ts";
