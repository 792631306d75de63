import { expect, test } from "vitest";
import { TextReader } from "../../../runtime/src/codec/text-reader.ts";
import { string } from "../../../runtime/src/codec/write-text.ts";
import { createRandom } from "../../plugin/fuzz/random.ts";

const alphabets = ["a", "z9", "é", "한글", "a한", "aé한", "\ufffd", "😀a", "\ufeffa"];

/** Texts of all lengths around the limits at which another way is taken. */
const texts = alphabets.flatMap((alphabet) => {
  const letters = [...alphabet];
  return Array.from({ length: 150 }, (_, length) => {
    return Array.from({ length }, (_, i) => letters[i % letters.length]).join("");
  });
});

test("texts are written as UTF-8 with their length", () => {
  const space = Buffer.alloc(8192);
  for (const text of texts) {
    const expected = Buffer.from(text);
    const end = string(space, 6, 10, text);
    expect(space.subarray(end - expected.length, end).equals(expected)).toBe(true);
    const sizes = expected.length < 0x80 ? [expected.length] : [expected.length & 0x7f, 0x80];
    expect(space[7]).toBe((sizes[0] ?? 0) | (sizes[1] ?? 0));
  }
});

test("texts of one message are read each as if it were alone", () => {
  const random = createRandom(1);
  const reader = new TextReader();
  for (let round = 0; round < 600; round++) {
    const chosen = Array.from({ length: 1 + random.below(12) }, () => random.pick(texts) ?? "");
    const bytes = Buffer.from(chosen.join(""));
    reader.start(bytes);
    let at = 0;
    for (const text of chosen) {
      const end = at + Buffer.byteLength(text);
      expect(reader.read(at, end)).toBe(text);
      expect(reader.readLenient(at, end)).toBe(text);
      at = end;
    }
  }
});

test("bytes that are not UTF-8 are left to protobuf-es, or replaced", () => {
  const random = createRandom(2);
  const reader = new TextReader();
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(random.pick(texts) ?? "");
    if (bytes.length === 0) continue;
    bytes[random.below(bytes.length)] = random.below(256);
    const from = random.below(bytes.length);
    reader.start(bytes);
    const part = bytes.subarray(from);
    expect(reader.readLenient(from, bytes.length)).toBe(lenient.decode(part));
    const expected = outcome(() => strict.decode(part));
    if (expected === undefined) refused += 1;
    expect(outcome(() => reader.read(from, bytes.length))).toBe(expected);
  }
  expect(refused).toBeGreaterThan(1000);
});

/** Undefined for a failure. */
function outcome(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
