import { decodeUtf16 } from "./native-text.ts";

const isOld = Number(process.versions.node.split(".")[0]) < 22;

/**
 * Up to this many bytes, UTF-8 that is not ASCII is decoded faster here. From Node 22 on, native code is
 * fast with all but short texts.
 */
export const longestHere: number = isOld ? 4096 : 44;

/** Units of a text, two bytes each, the lower one first. */
const units = Buffer.allocUnsafeSlow(2 * longestHere);

/** Decodes UTF-8 of a limited length. Undefined if it is not UTF-8, or has units in pairs. */
export function decodeHere(buffer: Buffer, start: number, end: number): string | undefined {
  let size = 0;
  let at = start;
  while (at < end) {
    let code = buffer[at++] as number;
    if (code > 0x7f) {
      const second = buffer[at++] as number;
      if (code < 0xc2 || code > 0xef || (second & 0xc0) !== 0x80) return undefined;
      if (code < 0xe0) code = ((code & 0x1f) << 6) | (second & 0x3f);
      else {
        const third = buffer[at++] as number;
        if ((third & 0xc0) !== 0x80) return undefined;
        code = ((code & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
        if (code < 0x800 || (code >= 0xd800 && code < 0xe000)) return undefined;
      }
    }
    units[size] = code;
    units[size + 1] = code >> 8;
    size += 2;
  }
  return at === end ? decodeUtf16(units, 0, size) : undefined;
}
