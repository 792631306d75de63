const generated = await import("../gen/ts-proto/fixtures.js");

export function codecOf(type) {
  const message = generated[type];
  return {
    encode: (value) => message.encode(value).finish(),
    decode: (bytes) => message.decode(bytes),
  };
}
