const { default: generated } = await import("../gen/google-protobuf/fixtures_pb.cjs");

export function codecOf(type) {
  const message = generated[type];
  return {
    encode: (value) => value.serializeBinary(),
    decode: (bytes) => message.deserializeBinary(bytes),
  };
}
