import type { List } from "./list.ts";
import { reserve } from "./room.ts";
import { viewOf } from "./view-of.ts";
import {
  checkedDouble,
  checkedFloat,
  fixed32At,
  fixed64At,
  sfixed32At,
  sfixed64At,
} from "./write-fixed.ts";
import { tag, varint } from "./write-varint.ts";

// Each function writes a packed list, its tag first, to `bytes` at `pos` and returns the position after it.

/** Numbers in eight bytes. */
export function doubles(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  let at = head(bytes, pos, field, 8 * list.length);
  const view = viewOf(bytes);
  for (let i = 0; i < list.length; i++) {
    view.setFloat64(at, checkedDouble(list[i] as number), true);
    at += 8;
  }
  return at;
}

/** Numbers in four bytes. */
export function floats(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  let at = head(bytes, pos, field, 4 * list.length);
  const view = viewOf(bytes);
  for (let i = 0; i < list.length; i++) {
    view.setFloat32(at, checkedFloat(list[i] as number), true);
    at += 4;
  }
  return at;
}

/** Unsigned integers in four bytes. */
export function fixed32s(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  let at = head(bytes, pos, field, 4 * list.length);
  for (let i = 0; i < list.length; i++) at = fixed32At(bytes, at, list[i] as number);
  return at;
}

/** Signed integers in four bytes. */
export function sfixed32s(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  let at = head(bytes, pos, field, 4 * list.length);
  for (let i = 0; i < list.length; i++) at = sfixed32At(bytes, at, list[i] as number);
  return at;
}

/** Unsigned integers in eight bytes. */
export function fixed64s(bytes: Buffer, pos: number, field: number, list: List<bigint>): number {
  if (list == null || list.length === 0) return pos;
  let at = head(bytes, pos, field, 8 * list.length);
  for (let i = 0; i < list.length; i++) at = fixed64At(bytes, at, list[i] as bigint);
  return at;
}

/** Signed integers in eight bytes. */
export function sfixed64s(bytes: Buffer, pos: number, field: number, list: List<bigint>): number {
  if (list == null || list.length === 0) return pos;
  let at = head(bytes, pos, field, 8 * list.length);
  for (let i = 0; i < list.length; i++) at = sfixed64At(bytes, at, list[i] as bigint);
  return at;
}

/** Tag and length of a list, for which there is room then. */
function head(bytes: Buffer, pos: number, field: number, size: number): number {
  const at = varint(bytes, tag(bytes, pos, field), size);
  reserve(bytes, at, size);
  return at;
}
