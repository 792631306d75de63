const generated = await import("../gen/protobuf-ts/fixtures.js");

export function codecOf(type) {
  const message = generated[type];
  return {
    encode: (value) => message.toBinary(value),
    decode: (bytes) => message.fromBinary(bytes),
  };
}
