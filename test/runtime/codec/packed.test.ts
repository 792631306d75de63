import { expect, test } from "vitest";
import { Reader } from "../../../runtime/src/codec/reader.ts";
import { doubles, fixed32s, floats, sfixed32s } from "../../../runtime/src/codec/write-fixeds.ts";
import { int32s, sint32s, uint32s } from "../../../runtime/src/codec/write-varints.ts";

const values = Array.from({ length: 50 }, (_, i) => i * 3);

test.each([
  { name: "doubles", write: doubles, list: [...values, 0.1, -0, Number.NaN, Infinity] },
  { name: "floats", write: floats, list: [...values, 0.5, -0, Number.NaN, -Infinity] },
  { name: "fixed32s", write: fixed32s, list: [...values, 0xffffffff] },
  { name: "sfixed32s", write: sfixed32s, list: [...values, -1] },
  { name: "int32s", write: int32s, list: [...values, 300, 2 ** 21, -1, -(2 ** 31), 2 ** 31 - 1] },
  { name: "uint32s", write: uint32s, list: [...values, 300, 2 ** 21, 2 ** 32 - 1] },
  { name: "sint32s", write: sint32s, list: [...values, -300, 2 ** 21, -(2 ** 31), 2 ** 31 - 1] },
] as const)("$name that come in two parts are one list", ({ name, write, list }) => {
  const space = Buffer.alloc(4096);
  const part = space.subarray(0, write(space, 0, 10, list));
  const reader = new Reader();
  // Not at the start of its memory.
  reader.start(Buffer.concat([Buffer.alloc(3), part, part]).subarray(3));
  let read: number[] = [];
  for (let i = 0; i < 2; i++) {
    expect(reader.tag()).toBe(10);
    read = reader[name](read);
  }
  expect(read).toStrictEqual([...list, ...list]);
  expect(reader.pos).toBe(2 * part.length);
});

test.each(["doubles", "floats", "fixed32s", "sfixed32s"] as const)(
  "%s that end within a value are left to protobuf-es",
  (name) => {
    const reader = new Reader();
    reader.start(Buffer.of(9, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(() => reader[name]([])).toThrow();
    // More than there is.
    reader.start(Buffer.of(0xff, 0xff, 0xff, 0xff, 0x07));
    expect(() => reader[name]([])).toThrow();
  },
);

test("a number that a float cannot hold is left to protobuf-es", () => {
  const space = Buffer.alloc(2048);
  expect(() => floats(space, 0, 10, [1e39])).toThrow();
});

test.each(["int32s", "uint32s", "sint32s"] as const)(
  "%s that end within a value are left to protobuf-es",
  (name) => {
    const reader = new Reader();
    reader.start(Buffer.of(3, 1, 2, 0x80));
    expect(() => reader[name]([])).toThrow();
    // Its last byte is behind the list.
    reader.start(Buffer.of(3, 1, 2, 0x80, 1));
    expect(() => reader[name]([])).toThrow();
    // More bytes than an integer has.
    reader.start(Buffer.of(11, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1));
    expect(() => reader[name]([])).toThrow();
  },
);
