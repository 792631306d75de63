import { fromBinary, toBinary } from "@bufbuild/protobuf";

const generated = await import("../gen/own/fixtures_pb.js");

export function codecOf(type) {
  const schema = generated[`${type}Schema`];
  return {
    encode: (message) => toBinary(schema, message),
    decode: (bytes) => fromBinary(schema, bytes),
  };
}
