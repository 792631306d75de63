import { create, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { echoRequestCodec } from "../gen/echo_codec.ts";
import { EchoRequestSchema } from "../gen/echo_pb.ts";

const large = [70_000, 70_100, 70_000, 100, 40_000, 1_100_000, 5, 1_100_000, 1_100_100, 17_000_000];

interface Request {
  readonly text?: string;
  readonly data?: Uint8Array;
}

function reference(request: Request): Buffer {
  return Buffer.from(toBinary(EchoRequestSchema, create(EchoRequestSchema, request)));
}

test.each([
  { name: "texts", request: (size: number) => ({ text: "a".repeat(size) }) },
  {
    name: "texts that are not ASCII",
    request: (size: number) => ({ text: "한".repeat(size / 3) }),
  },
  { name: "bytes", request: (size: number) => ({ data: Buffer.alloc(size, size) }) },
])("messages of all sizes with $name are encoded, and none changes another", ({ request }) => {
  const kept: { bytes: Buffer; expected: Buffer }[] = [];
  for (const size of [1, 23, 24, 25, 4000, 5000, 16_000, 60_000, 65_500, 65_536, ...large]) {
    for (let i = 0; i < 4; i++) {
      const value = request(size + i);
      kept.push({ bytes: echoRequestCodec.encode(value), expected: reference(value) });
    }
  }
  for (const { bytes, expected } of kept) expect(bytes.equals(expected)).toBe(true);
});

test("a message whose getter encodes another one is encoded, and so is the other one", () => {
  const inner: Buffer[] = [];
  const outer = {
    get text() {
      inner.push(echoRequestCodec.encode({ text: "inner" }));
      return "outer";
    },
    number: 7,
  };
  for (let i = 0; i < 2000; i++) {
    const bytes = echoRequestCodec.encode(outer);
    expect(bytes.equals(reference({ text: "outer", ...{ number: 7 } }))).toBe(true);
  }
  for (const bytes of inner) expect(bytes.equals(reference({ text: "inner" }))).toBe(true);
});

test("a message that cannot be encoded does not disturb the next ones", () => {
  const first = echoRequestCodec.encode({ text: "first" });
  expect(() => echoRequestCodec.encode({ text: "none", number: 0.5 })).toThrow(/number/);
  const failing = {
    get text(): string {
      throw new Error("no text");
    },
  };
  expect(() => echoRequestCodec.encode(failing)).toThrow("no text");
  const second = echoRequestCodec.encode({ text: "second" });
  expect(first.equals(reference({ text: "first" }))).toBe(true);
  expect(second.equals(reference({ text: "second" }))).toBe(true);
});
