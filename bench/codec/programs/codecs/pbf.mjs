import { PbfReader, PbfWriter } from "pbf";

const generated = await import("../gen/pbf/fixtures.js");

export function codecOf(type) {
  const read = generated[`read${type}`];
  const write = generated[`write${type}`];
  return {
    encode(value) {
      const writer = new PbfWriter();
      write(value, writer);
      return writer.finish();
    },
    decode: (bytes) => read(new PbfReader(bytes)),
  };
}
