import type { List } from "./list.ts";
import { encodeUtf8 } from "./native-text.ts";
import { reserve, room } from "./room.ts";
import { leave } from "./slow-path.ts";
import { tag, varint } from "./write-varint.ts";

/**
 * Up to this length, a loop is faster than a call into native code. In UTF-8, the length takes one byte.
 */
const longestLoop = 24;

/** Up to this length, a loop is faster than `set`. */
const shortBytes = 16;

/** Writes a text behind its tag and length, and returns the position after it. */
export function string(bytes: Buffer, pos: number, field: number, value: string): number {
  if (typeof value !== "string") leave();
  const { length } = value;
  // Three bytes are the most for a unit; the text is measured only if they may not be there.
  if (pos + length * 3 + room > bytes.length) reserve(bytes, pos, Buffer.byteLength(value));
  const start = tag(bytes, pos, field);
  if (length > longestLoop) return long(bytes, start, value);
  let at = start + 1;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) return short(bytes, start, value, i);
    bytes[at++] = code;
  }
  bytes[start] = length;
  return at;
}

/** Writes texts, each behind tag and length. */
export function strings(bytes: Buffer, pos: number, field: number, list: List<string>): number {
  if (list == null) return pos;
  let at = pos;
  for (let i = 0; i < list.length; i++) at = string(bytes, at, field, list[i] as string);
  return at;
}

/** The rest of a short text, from `start`, where it is not ASCII any more. */
function short(bytes: Buffer, pos: number, value: string, start: number): number {
  let at = pos + 1 + start;
  for (let i = start; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x80) bytes[at++] = code;
    else if (code < 0x800) {
      bytes[at++] = (code >> 6) | 0xc0;
      bytes[at++] = (code & 0x3f) | 0x80;
    } else if (code >= 0xd800 && code < 0xe000) {
      // A pair of surrogates, or one that stands alone.
      at = pos + 1 + bytes.write(value, pos + 1);
      break;
    } else {
      bytes[at++] = (code >> 12) | 0xe0;
      bytes[at++] = ((code >> 6) & 0x3f) | 0x80;
      bytes[at++] = (code & 0x3f) | 0x80;
    }
  }
  bytes[pos] = at - pos - 1;
  return at;
}

function long(bytes: Buffer, pos: number, value: string): number {
  // Most texts are ASCII: their length is known before.
  const guess = sizeOf(value.length);
  const length = encodeUtf8(bytes, value, pos + guess);
  const size = sizeOf(length);
  if (size !== guess) bytes.copyWithin(pos + size, pos + guess, pos + guess + length);
  return varint(bytes, pos, length) + length;
}

/** Writes bytes behind their tag and length, and returns the position after them. */
export function bytes(target: Buffer, pos: number, field: number, value: Uint8Array): number {
  if (!(value instanceof Uint8Array)) leave();
  const { length } = value;
  reserve(target, pos, length);
  const start = varint(target, tag(target, pos, field), length);
  if (length > shortBytes) target.set(value, start);
  else for (let i = 0; i < length; i++) target[start + i] = value[i] as number;
  return start + length;
}

/** Writes the tag of a message or of the entry of a map, and returns the place for its length. */
export function open(target: Buffer, pos: number, field: number): number {
  reserve(target, pos, 0);
  return tag(target, pos, field);
}

/**
 * Writes the length of what was written from `start + 1` to `end`, and returns the position after it.
 * One byte is left free for the length; a longer one moves the content.
 */
export function close(target: Buffer, start: number, end: number): number {
  reserve(target, end, 0);
  const length = end - start - 1;
  if (length < 0x80) {
    target[start] = length;
    return end;
  }
  const more = sizeOf(length) - 1;
  target.copyWithin(start + 1 + more, start + 1, end);
  varint(target, start, length);
  return end + more;
}

/** Bytes of a varint. */
function sizeOf(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}
