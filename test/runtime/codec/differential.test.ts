import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { create, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { compiledCodec, type Read } from "../../../runtime/src/codec/compiled-codec.ts";
import { Reader } from "../../../runtime/src/codec/reader.ts";
import { full, room } from "../../../runtime/src/codec/room.ts";
import { createRandom } from "../../plugin/fuzz/random.ts";
import { caseNames, casesDirectory, compile, root } from "../../plugin/support.ts";
import { type GeneratedCodec, generatedCodecs } from "./generated.ts";
import { randomInit, randomMessage } from "./random-message.ts";

/** Messages of each type: two are encoded a round, and bytes decoded five times. In all over 1 000 000. */
const rounds = 900;

const folders = [
  ...caseNames.map((name) => ({ name, folder: join(casesDirectory, name) })),
  { name: "user-starter", folder: join(root, "templates/starters/user/proto") },
  { name: "all", folder: join(root, "test/runtime/codec/proto") },
];

const suites = await Promise.all(
  folders.map(async ({ name, folder }) => {
    return { name, codecs: await generatedCodecs(name, compile(folder)) };
  }),
);

const rows = suites.flatMap(({ name, codecs }) => {
  return codecs.map((codec) => ({ name, type: codec.schema.typeName, codec }));
});

test.each(rows)("$name: $type is encoded and decoded as by protobuf-es", ({ type, codec }) => {
  const random = createRandom(type.length);
  for (let round = 0; round < rounds; round++) compare(codec, random);
});

test("memory is checked within a message of many numbers", () => {
  const codec = rows.find(({ type }) => type === "all.Wide")?.codec;
  if (codec === undefined) throw new Error("all.proto has no Wide");
  const fields = codec.schema.fields.map(({ localName }) => [localName, BigInt(-1)] as const);
  const message = create(codec.schema, Object.fromEntries(fields));
  const { length } = toBinary(codec.schema, message);
  for (let size = 0; size < length; size += 1) compareSmall(codec, message, size);
});

test.each(["unpacked", "unpackedColor"])(
  "long lists that are not packed are encoded: %s",
  (field) => {
    const codec = rows.find(({ type }) => type === "all.Lists")?.codec;
    if (codec === undefined) throw new Error("all.proto has no Lists");
    const { schema, write, read } = codec;
    const listOf = (length: number) =>
      create(schema, { [field]: Array.from({ length }, (_, index) => index % 3) });
    for (let size = 0; size < 600; size += 1) compareSmall(codec, listOf(300), size);
    const compiled = compiledCodec(schema, write, read as Read<Message>);
    // More than a slab, than a draft, than memory whose size was guessed.
    for (const length of [20_000, 20_000, 20_000, 25_000, 400_000, 400_000, 400_000, 450_000]) {
      expectBytes(compiled.encode(listOf(length)), toBinary(schema, listOf(length)));
    }
  },
);

type Random = ReturnType<typeof createRandom>;

function compare(codec: GeneratedCodec, random: Random): void {
  const { schema } = codec;
  const message = randomMessage(schema, random);
  const bytes = toBinary(schema, message);
  expectBytes(fastBytes(codec, message), bytes);
  if (bytes.length > 0) compareSmall(codec, message, random.below(bytes.length));
  const init = randomInit(schema, random);
  expectBytes(fastBytes(codec, init), toBinary(schema, create(schema, init)));
  const received = Buffer.from(bytes);
  expectSame(fastMessage(codec, received), fromBinary(schema, received));
  for (let i = 0; i < 4; i++) compareMutated(codec, mutated(received, random));
}

/** The generated function itself: what it leaves to protobuf-es throws. */
function fastBytes({ write }: GeneratedCodec, message: object): Uint8Array {
  const end = write(message, space, 0);
  expect(end).toBeLessThanOrEqual(space.length);
  return space.subarray(0, end);
}

const space = Buffer.alloc(1024 * 1024);

/** Memory that is too small is noticed before something is written beyond its end. */
function compareSmall({ write }: GeneratedCodec, message: object, size: number): void {
  const small = space.subarray(0, size + room);
  try {
    expect(write(message, small, 0)).toBeLessThanOrEqual(small.length);
  } catch (error) {
    expect(error).toBe(full);
  }
}

function fastMessage({ read }: GeneratedCodec, bytes: Buffer): unknown {
  const reader = new Reader();
  reader.start(bytes);
  return read(reader, bytes.length);
}

function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  expect(Buffer.from(actual).toString("hex")).toBe(Buffer.from(expected).toString("hex"));
}

/** Prototypes count, and -0 is not 0. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/** Hostile bytes: the same object, or the same error. */
function compareMutated({ schema, write, read }: GeneratedCodec, bytes: Buffer): void {
  const codec = compiledCodec(schema, write, read as Read<Message>);
  const expected = outcome(() => fromBinary(schema, bytes));
  expectSame(
    outcome(() => codec.decode(bytes)),
    expected,
  );
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
