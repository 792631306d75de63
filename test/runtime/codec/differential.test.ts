import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { compiledCodec } from "../../../runtime/src/codec/compiled-codec.ts";
import { Reader } from "../../../runtime/src/codec/reader.ts";
import { createRandom } from "../../plugin/fuzz/random.ts";
import { caseNames, casesDirectory, compile, root } from "../../plugin/support.ts";
import { type GeneratedCodec, generatedCodecs } from "./generated.ts";
import { randomInit, randomMessage } from "./random-message.ts";

const rounds = Number(process.env.CODEC_ROUNDS ?? 60);

const folders: [string, string][] = [
  ...caseNames.map((name): [string, string] => [name, `${casesDirectory}/${name}`]),
  ["user", `${root}/templates/starters/user/proto`],
  ["all-fields", `${root}/test/runtime/codec/proto`],
];

describe.each(process.env.ONLY ? folders.slice(-2) : folders)("%s", async (name, folder) => {
  const codecs = await generatedCodecs(name, compile(folder));
  test
    .skipIf(codecs.length === 0)
    .each(codecs.map((codec) => [codec.schema.typeName, codec] as const))(
    "%s is encoded and decoded as by protobuf-es",
    (_typeName, codec) => {
      const random = createRandom(codec.schema.typeName.length);
      for (let i = 0; i < rounds; i++) compare(codec, random);
    },
  );
});

type Random = ReturnType<typeof createRandom>;

function compare(codec: GeneratedCodec, random: Random): void {
  const { schema } = codec;
  const message = randomMessage(schema, random);
  const bytes = toBinary(schema, message);
  expectBytes(fastBytes(codec, message), bytes);
  const init = randomInit(schema, random);
  expectBytes(fastBytes(codec, init), toBinary(schema, create(schema, init)));
  const received = Buffer.from(bytes);
  expect(fastMessage(codec, received)).toStrictEqual(fromBinary(schema, received));
  for (let i = 0; i < 4; i++) compareMutated(codec, mutated(received, random));
}

/** The generated function itself: what it leaves to protobuf-es throws. */
function fastBytes({ bound, write }: GeneratedCodec, message: object): Uint8Array {
  const size = bound(message);
  const space = Buffer.alloc(size);
  const end = write(message, space, 0);
  expect(end).toBeLessThanOrEqual(size);
  return space.subarray(0, end);
}

function fastMessage({ read }: GeneratedCodec, bytes: Buffer): unknown {
  const reader = new Reader();
  reader.start(bytes);
  return read(reader, bytes.length);
}

function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.from(actual).toString("hex")).toBe(Buffer.from(expected).toString("hex"));
}

/** Hostile bytes: the same object, or the same error. */
function compareMutated(codec: GeneratedCodec, bytes: Buffer): void {
  const { schema } = codec;
  const expected = outcome(() => fromBinary(schema, bytes));
  const actual = outcome(() =>
    compiledCodec(schema, codec.bound, codec.write, codec.read as never).decode(bytes),
  );
  expect(actual).toStrictEqual(expected);
}

function outcome(run: () => unknown): unknown {
  try {
    return { result: run() };
  } catch (error) {
    return { error: String(error) };
  }
}

function mutated(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const position = random.below(copy.length + 1);
  switch (random.below(4)) {
    case 0:
      return copy.subarray(0, position);
    case 1:
      return Buffer.concat([copy, copy.subarray(position)]);
    case 2:
      return Buffer.concat([
        copy.subarray(0, position),
        Buffer.from([random.below(256)]),
        copy.subarray(position),
      ]);
    default:
      if (copy.length > 0) copy[position % copy.length] = random.below(256);
      return copy;
  }
}
