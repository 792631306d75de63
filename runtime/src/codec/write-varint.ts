import { scratch } from "./scratch.ts";
import { leave } from "./slow-path.ts";

// Each function writes a field, its tag first, to `bytes` at `pos` and returns the position after it.
// There is room for it, see `room.ts`.

/** A field's number and wire type. */
export function tag(bytes: Buffer, pos: number, value: number): number {
  if (value < 0x80) {
    bytes[pos] = value;
    return pos + 1;
  }
  return varint(bytes, pos, value);
}

/** A signed integer; a negative one takes ten bytes. */
export function int32(bytes: Buffer, pos: number, field: number, value: number): number {
  return int32At(bytes, tag(bytes, pos, field), value);
}

/** An unsigned integer. */
export function uint32(bytes: Buffer, pos: number, field: number, value: number): number {
  return uint32At(bytes, tag(bytes, pos, field), value);
}

/** A signed integer in zigzag order: small ones take few bytes, negative ones too. */
export function sint32(bytes: Buffer, pos: number, field: number, value: number): number {
  return sint32At(bytes, tag(bytes, pos, field), value);
}

/** A boolean: one byte. */
export function bool(bytes: Buffer, pos: number, field: number, value: boolean): number {
  return boolAt(bytes, tag(bytes, pos, field), value);
}

/** A signed integer of 64 bits. */
export function int64(bytes: Buffer, pos: number, field: number, value: bigint): number {
  return int64At(bytes, tag(bytes, pos, field), value);
}

/** An unsigned integer of 64 bits. */
export function uint64(bytes: Buffer, pos: number, field: number, value: bigint): number {
  return uint64At(bytes, tag(bytes, pos, field), value);
}

/** A signed integer of 64 bits in zigzag order. */
export function sint64(bytes: Buffer, pos: number, field: number, value: bigint): number {
  return sint64At(bytes, tag(bytes, pos, field), value);
}

// The same without a tag.

/** An unsigned integer of 32 bits. Not a loop: it is faster. */
export function varint(bytes: Buffer, pos: number, value: number): number {
  if (value < 0x80) {
    bytes[pos] = value;
    return pos + 1;
  }
  bytes[pos] = value | 0x80;
  if (value < 0x4000) {
    bytes[pos + 1] = value >>> 7;
    return pos + 2;
  }
  bytes[pos + 1] = (value >>> 7) | 0x80;
  if (value < 0x200000) {
    bytes[pos + 2] = value >>> 14;
    return pos + 3;
  }
  bytes[pos + 2] = (value >>> 14) | 0x80;
  if (value < 0x10000000) {
    bytes[pos + 3] = value >>> 21;
    return pos + 4;
  }
  bytes[pos + 3] = (value >>> 21) | 0x80;
  bytes[pos + 4] = value >>> 28;
  return pos + 5;
}

export function int32At(bytes: Buffer, pos: number, value: number): number {
  if ((value | 0) !== value) leave();
  return value < 0 ? negative(bytes, pos, value) : varint(bytes, pos, value);
}

export function uint32At(bytes: Buffer, pos: number, value: number): number {
  if (value >>> 0 !== value) leave();
  return varint(bytes, pos, value);
}

export function sint32At(bytes: Buffer, pos: number, value: number): number {
  if ((value | 0) !== value) leave();
  return varint(bytes, pos, ((value << 1) ^ (value >> 31)) >>> 0);
}

export function boolAt(bytes: Buffer, pos: number, value: boolean): number {
  bytes[pos] = value ? 1 : 0;
  return pos + 1;
}

export function int64At(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  scratch.setBigInt64(0, value, true);
  return varint64(bytes, pos, scratch.getInt32(0, true), scratch.getInt32(4, true));
}

export function uint64At(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) leave();
  scratch.setBigUint64(0, value, true);
  return varint64(bytes, pos, scratch.getInt32(0, true), scratch.getInt32(4, true));
}

export function sint64At(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  scratch.setBigInt64(0, value, true);
  const low = scratch.getInt32(0, true);
  const high = scratch.getInt32(4, true);
  const sign = high >> 31;
  return varint64(bytes, pos, (low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
}

/** Its sign is extended to 64 bits: ten bytes. */
function negative(bytes: Buffer, pos: number, value: number): number {
  let left = value;
  for (let i = 0; i < 9; i++) {
    bytes[pos + i] = (left & 0x7f) | 0x80;
    left >>= 7;
  }
  bytes[pos + 9] = 1;
  return pos + 10;
}

function varint64(bytes: Buffer, pos: number, low: number, high: number): number {
  if (high === 0) return varint(bytes, pos, low >>> 0);
  fourMore(bytes, pos, low);
  const middle = (low >>> 28) | (high << 4);
  if (high >>> 24 === 0) return varint(bytes, pos + 4, middle);
  fourMore(bytes, pos + 4, middle);
  return varint(bytes, pos + 8, high >>> 24);
}

/** The lower 28 bits, with more to follow. */
function fourMore(bytes: Buffer, pos: number, bits: number): void {
  bytes[pos] = bits | 0x80;
  bytes[pos + 1] = (bits >>> 7) | 0x80;
  bytes[pos + 2] = (bits >>> 14) | 0x80;
  bytes[pos + 3] = (bits >>> 21) | 0x80;
}
