import { expect, test } from "vitest";
import { Reader } from "../../../runtime/src/codec/reader.ts";
import { doubles, fixed32s, floats, sfixed32s } from "../../../runtime/src/codec/write-fixed.ts";

const values = Array.from({ length: 50 }, (_, i) => i * 3);

test.each([
  { name: "doubles", write: doubles, list: [...values, 0.1, -0, Number.NaN, Infinity] },
  { name: "floats", write: floats, list: [...values, 0.5, -0, Number.NaN, -Infinity] },
  { name: "fixed32s", write: fixed32s, list: [...values, 0xffffffff] },
  { name: "sfixed32s", write: sfixed32s, list: [...values, -1] },
] as const)("$name that come in two parts are one list", ({ name, write, list }) => {
  const space = Buffer.alloc(1024);
  const size = write(space, 0, list);
  const part = Buffer.concat([Buffer.of(0x80 | (size & 0x7f), size >> 7), space.subarray(0, size)]);
  const reader = new Reader();
  // Not at the start of its memory.
  reader.start(Buffer.concat([Buffer.alloc(3), part, part]).subarray(3));
  const read: number[] = [];
  reader[name](read);
  reader[name](read);
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
  const space = Buffer.alloc(16);
  expect(() => floats(space, 0, [1e39])).toThrow();
});
