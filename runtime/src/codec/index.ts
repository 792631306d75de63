/**
 * What generated `*_codec.ts` files call: not for use by hand. Each file of `protoc-gen-grpc-service` works
 * with the library of its own version.
 */
export type { JsonObject } from "@bufbuild/protobuf";
export { type Codec, reflectCodec } from "../method.ts";
export { compiledCodec } from "./compiled-codec.ts";
export { asText, bigintKey, boolKey, numberKey, ownKey } from "./map-key.ts";
export type { Reader } from "./reader.ts";
export { readReflected, writeReflected } from "./reflected.ts";
export { reserve } from "./room.ts";
export type { Bytes } from "./slab.ts";
export { leave } from "./slow-path.ts";
export { jsonOf, structOf } from "./struct.ts";
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
export { double, fixed32, fixed64, float, sfixed32, sfixed64 } from "./write-fixed.ts";
export { doubles, fixed32s, fixed64s, floats, sfixed32s, sfixed64s } from "./write-fixeds.ts";
export { unknown } from "./write-message.ts";
export { bytes, close, open, string, strings } from "./write-text.ts";
export { bool, int32, int64, sint32, sint64, uint32, uint64 } from "./write-varint.ts";
export { bools, int32s, int64s, sint32s, sint64s, uint32s, uint64s } from "./write-varints.ts";
