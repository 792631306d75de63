import { scratch } from "./scratch.ts";
import { leave } from "./slow-path.ts";

// Each function writes a value to `bytes` at `pos` and returns the position after it.

/** A field's number and wire type. */
export function tag(bytes: Buffer, pos: number, value: number): number {
  if (value < 0x80) {
    bytes[pos] = value;
    return pos + 1;
  }
  return varint(bytes, pos, value);
}

/** An unsigned integer of 32 bits. */
export function varint(bytes: Buffer, pos: number, value: number): number {
  let at = pos;
  let left = value;
  while (left > 0x7f) {
    bytes[at++] = (left & 0x7f) | 0x80;
    left >>>= 7;
  }
  bytes[at++] = left;
  return at;
}

/** A signed integer; a negative one takes ten bytes. */
export function int32(bytes: Buffer, pos: number, value: number): number {
  if ((value | 0) !== value) leave();
  if (value < 0) return negative(bytes, pos, value);
  if (value < 0x80) {
    bytes[pos] = value;
    return pos + 1;
  }
  return varint(bytes, pos, value);
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

/** An unsigned integer. */
export function uint32(bytes: Buffer, pos: number, value: number): number {
  if (value >>> 0 !== value) leave();
  return varint(bytes, pos, value);
}

/** A signed integer in zigzag order: small ones take few bytes, negative ones too. */
export function sint32(bytes: Buffer, pos: number, value: number): number {
  if ((value | 0) !== value) leave();
  return varint(bytes, pos, ((value << 1) ^ (value >> 31)) >>> 0);
}

/** A boolean: one byte. */
export function bool(bytes: Buffer, pos: number, value: boolean): number {
  bytes[pos] = value ? 1 : 0;
  return pos + 1;
}

/** A signed integer of 64 bits. */
export function int64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  scratch.setBigInt64(0, value, true);
  return varint64(bytes, pos, scratch.getInt32(0, true), scratch.getInt32(4, true));
}

/** An unsigned integer of 64 bits. */
export function uint64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) leave();
  scratch.setBigUint64(0, value, true);
  return varint64(bytes, pos, scratch.getInt32(0, true), scratch.getInt32(4, true));
}

/** A signed integer of 64 bits in zigzag order. */
export function sint64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  scratch.setBigInt64(0, value, true);
  const low = scratch.getInt32(0, true);
  const high = scratch.getInt32(4, true);
  const sign = high >> 31;
  return varint64(bytes, pos, (low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
}

function varint64(bytes: Buffer, pos: number, low: number, high: number): number {
  let at = pos;
  let lower = low >>> 0;
  let upper = high >>> 0;
  while (upper !== 0 || lower > 0x7f) {
    bytes[at++] = (lower & 0x7f) | 0x80;
    lower = ((lower >>> 7) | (upper << 25)) >>> 0;
    upper >>>= 7;
  }
  bytes[at++] = lower;
  return at;
}
