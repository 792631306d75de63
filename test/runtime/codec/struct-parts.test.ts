import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { compiledCodec } from "../../../runtime/src/codec/compiled-codec.ts";
import { reflectCodec } from "../../../runtime/src/method.ts";
import { compile, root } from "../../plugin/support.ts";
import { generatedCodecs } from "./generated.ts";

const generated = await generatedCodecs(
  "struct-parts",
  compile(join(root, "test/runtime/codec/proto")),
);

function codecOf(typeName: string, isCompiled: boolean) {
  const found = generated.find(({ schema }) => schema.typeName === typeName);
  if (found === undefined) throw new Error(`all.proto has no ${typeName}`);
  const { schema, write, read } = found;
  if (!isCompiled) return reflectCodec(schema);
  return compiledCodec(schema, write, (reader, end) => {
    return Object.assign(create(schema), read(reader, end));
  });
}

/** A message of `all.Json`, and empty parts behind it: the tag and the length, 0. */
function inParts(init: Record<string, unknown>, part: readonly number[], parts: number): Buffer {
  const { schema } = codecOf("all.Json", false);
  const tail = Buffer.alloc(part.length * parts, Buffer.from(part));
  return Buffer.concat([toBinary(schema, create(schema, init)), tail]);
}

const large = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`key ${n}`, n]));
const kind = { case: "one", value: large };
/** `again { }` and `by_name { value { } value { } }`. */
const again = [0x1a, 2, 0x0a, 0];
const entry = [0x22, 8, 0x12, 0, 0x12, 0, 0x12, 0, 0x12, 0];

test.each([true, false])(
  "a Struct in thousands of parts is refused (compiled: %s)",
  (isCompiled) => {
    const codec = codecOf("all.Json", isCompiled);
    const before = process.cpuUsage();
    for (const bytes of [
      inParts({ struct: large }, [0x0a, 0], 20_000),
      inParts({ kind }, [0x2a, 0], 20_000),
      inParts({ again: { struct: large } }, again, 20_000),
      // The wire type of a message says nothing.
      inParts({ struct: large }, [0x08, 0], 20_000),
    ]) {
      expect(() => codec.decode(bytes)).toThrow("it has too many parts");
    }
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  },
);

test.each([true, false])(
  "a few parts are merged, and many messages have some (compiled: %s)",
  (isCompiled) => {
    const codec = codecOf("all.Json", isCompiled);
    for (const bytes of [
      inParts({ struct: large }, [0x0a, 0], 3),
      inParts({ again: { struct: large } }, again, 3),
      inParts({ struct: { a: 1 } }, [0x0a, 0], 1_000),
      inParts({ structs: [large] }, [0x12, 0], 1_000),
      inParts({ structs: [large] }, entry, 1_000),
      inParts({ structs: [large] }, [0x0a], 1),
    ]) {
      const expected = outcome(() => fromBinary(codec.schema, bytes));
      expect(outcome(() => codec.decode(bytes))).toEqual(expected);
    }
  },
);

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}
