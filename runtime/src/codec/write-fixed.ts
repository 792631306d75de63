import { scratch, scratchBytes } from "./scratch.ts";
import { leave } from "./slow-path.ts";

// Each function writes a value to `bytes` at `pos` and returns the position after it.

/** An unsigned integer in four bytes. */
export function fixed32(bytes: Buffer, pos: number, value: number): number {
  if (value >>> 0 !== value) leave();
  return four(bytes, pos, value);
}

/** A signed integer in four bytes. */
export function sfixed32(bytes: Buffer, pos: number, value: number): number {
  if ((value | 0) !== value) leave();
  return four(bytes, pos, value);
}

/** A number in four bytes. */
export function float(bytes: Buffer, pos: number, value: number): number {
  if (typeof value !== "number") leave();
  scratch.setFloat32(0, value, true);
  const bits = scratch.getInt32(0, true);
  // A finite number that a float can only hold as infinity is refused by protobuf-es.
  if ((bits & 0x7fffffff) === 0x7f800000 && Number.isFinite(value)) leave();
  return four(bytes, pos, bits);
}

/** A number in eight bytes. */
export function double(bytes: Buffer, pos: number, value: number): number {
  if (typeof value !== "number") leave();
  scratch.setFloat64(0, value, true);
  return eight(bytes, pos);
}

/** An unsigned integer in eight bytes. */
export function fixed64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) leave();
  scratch.setBigUint64(0, value, true);
  return eight(bytes, pos);
}

/** A signed integer in eight bytes. */
export function sfixed64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  scratch.setBigInt64(0, value, true);
  return eight(bytes, pos);
}

function four(bytes: Buffer, pos: number, bits: number): number {
  bytes[pos] = bits;
  bytes[pos + 1] = bits >> 8;
  bytes[pos + 2] = bits >> 16;
  bytes[pos + 3] = bits >> 24;
  return pos + 4;
}

/** The number in `scratch`. */
function eight(bytes: Buffer, pos: number): number {
  for (let i = 0; i < 8; i++) bytes[pos + i] = scratchBytes[i] as number;
  return pos + 8;
}
