import { leave } from "./slow-path.ts";
import { viewOf } from "./view-of.ts";

// Each function writes a value to `bytes` at `pos` and returns the position after it.

/** Largest number that a float can hold. */
const largestFloat = 3.4028234663852886e38;

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
  checkFloat(value);
  viewOf(bytes).setFloat32(pos, value, true);
  return pos + 4;
}

/** A number in eight bytes. */
export function double(bytes: Buffer, pos: number, value: number): number {
  if (typeof value !== "number") leave();
  viewOf(bytes).setFloat64(pos, value, true);
  return pos + 8;
}

/** An unsigned integer in eight bytes. */
export function fixed64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) leave();
  viewOf(bytes).setBigUint64(pos, value, true);
  return pos + 8;
}

/** A signed integer in eight bytes. */
export function sfixed64(bytes: Buffer, pos: number, value: bigint): number {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) leave();
  viewOf(bytes).setBigInt64(pos, value, true);
  return pos + 8;
}

/** The values of a packed list. */
export function fixed32s(bytes: Buffer, pos: number, list: readonly number[]): number {
  let at = pos;
  for (const each of list) at = fixed32(bytes, at, each);
  return at;
}

/** The values of a packed list. */
export function sfixed32s(bytes: Buffer, pos: number, list: readonly number[]): number {
  let at = pos;
  for (const each of list) at = sfixed32(bytes, at, each);
  return at;
}

/** The values of a packed list. */
export function floats(bytes: Buffer, pos: number, list: readonly number[]): number {
  const view = viewOf(bytes);
  let at = pos;
  for (const each of list) {
    checkFloat(each);
    view.setFloat32(at, each, true);
    at += 4;
  }
  return at;
}

/** The values of a packed list. */
export function doubles(bytes: Buffer, pos: number, list: readonly number[]): number {
  const view = viewOf(bytes);
  let at = pos;
  for (const each of list) {
    if (typeof each !== "number") leave();
    view.setFloat64(at, each, true);
    at += 8;
  }
  return at;
}

function checkFloat(value: number): void {
  if (typeof value !== "number") leave();
  // protobuf-es refuses a finite number that is rounded to infinity.
  if (Math.abs(value) > largestFloat && Number.isFinite(value)) leave();
}

function four(bytes: Buffer, pos: number, bits: number): number {
  bytes[pos] = bits;
  bytes[pos + 1] = bits >> 8;
  bytes[pos + 2] = bits >> 16;
  bytes[pos + 3] = bits >> 24;
  return pos + 4;
}
