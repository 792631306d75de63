const { default: generated } = await import("../gen/protobufjs/fixtures.cjs");

export function codecOf(type) {
  const message = generated.fixtures[type];
  return {
    encode: (value) => message.encode(value).finish(),
    decode: (bytes) => message.decode(bytes),
  };
}
