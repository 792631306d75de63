import { leave } from "./slow-path.ts";
import { viewOf } from "./view-of.ts";
import { tag } from "./write-varint.ts";

// Each function writes a field, its tag first, to `bytes` at `pos` and returns the position after it.

/** Largest number that a float can hold. */
const largestFloat = 3.4028234663852886e38;

/** An unsigned integer in four bytes. */
export function fixed32(bytes: Buffer, pos: number, field: number, value: number): number {
  return fixed32At(bytes, tag(bytes, pos, field), value);
}

/** A signed integer in four bytes. */
export function sfixed32(bytes: Buffer, pos: number, field: number, value: number): number {
  return sfixed32At(bytes, tag(bytes, pos, field), value);
}

/** A number in four bytes. */
export function float(bytes: Buffer, pos: number, field: number, value: number): number {
  const at = tag(bytes, pos, field);
  viewOf(bytes).setFloat32(at, checkedFloat(value), true);
  return at + 4;
}

/** A number in eight bytes. */
export function double(bytes: Buffer, pos: number, field: number, value: number): number {
  const at = tag(bytes, pos, field);
  viewOf(bytes).setFloat64(at, checkedDouble(value), true);
  return at + 8;
}

/** An unsigned integer in eight bytes. */
export function fixed64(bytes: Buffer, pos: number, field: number, value: bigint): number {
  return fixed64At(bytes, tag(bytes, pos, field), value);
}

/** A signed integer in eight bytes. */
export function sfixed64(bytes: Buffer, pos: number, field: number, value: bigint): number {
  return sfixed64At(bytes, tag(bytes, pos, field), value);
}

// The same without a tag.

export function fixed32At(bytes: Buffer, pos: number, value: number): number {
  if (value >>> 0 !== value) leave();
  return four(bytes, pos, value);
}

export function sfixed32At(bytes: Buffer, pos: number, value: number): number {
  if ((value | 0) !== value) leave();
  return four(bytes, pos, value);
}

export function fixed64At(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) leave();
  viewOf(bytes).setBigUint64(pos, value, true);
  return pos + 8;
}

export function sfixed64At(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  viewOf(bytes).setBigInt64(pos, value, true);
  return pos + 8;
}

export function checkedDouble(value: number): number {
  return typeof value === "number" ? value : leave();
}

export function checkedFloat(value: number): number {
  if (typeof value !== "number") leave();
  // protobuf-es refuses a finite number that is rounded to infinity.
  if (Math.abs(value) > largestFloat && Number.isFinite(value)) leave();
  return value;
}

function four(bytes: Buffer, pos: number, bits: number): number {
  bytes[pos] = bits;
  bytes[pos + 1] = bits >> 8;
  bytes[pos + 2] = bits >> 16;
  bytes[pos + 3] = bits >> 24;
  return pos + 4;
}
