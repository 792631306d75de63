const generated = await import("../gen/own/fixtures_codec.js");

export function codecOf(type) {
  const codec = generated[`${type[0].toLowerCase()}${type.slice(1)}Codec`];
  return { encode: (message) => codec.encode(message), decode: (bytes) => codec.decode(bytes) };
}
