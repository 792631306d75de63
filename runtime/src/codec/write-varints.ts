import type { List } from "./list.ts";
import { reserve } from "./room.ts";
import { close } from "./write-text.ts";
import {
  boolAt,
  int32At,
  int64At,
  sint32At,
  sint64At,
  tag,
  uint32At,
  uint64At,
} from "./write-varint.ts";

// Each function writes a packed list, its tag first, to `bytes` at `pos` and returns the position after it.
// An index is faster than an iterator. They are alike: calls of a function that is passed cannot be inlined.

/** Signed integers. */
export function int32s(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = int32At(bytes, at, list[i] as number);
  }
  return close(bytes, start, at);
}

/** Unsigned integers. */
export function uint32s(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = uint32At(bytes, at, list[i] as number);
  }
  return close(bytes, start, at);
}

/** Signed integers in zigzag order. */
export function sint32s(bytes: Buffer, pos: number, field: number, list: List<number>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = sint32At(bytes, at, list[i] as number);
  }
  return close(bytes, start, at);
}

/** Booleans. */
export function bools(bytes: Buffer, pos: number, field: number, list: List<boolean>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = boolAt(bytes, at, list[i] as boolean);
  }
  return close(bytes, start, at);
}

/** Signed integers of 64 bits. */
export function int64s(bytes: Buffer, pos: number, field: number, list: List<bigint>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = int64At(bytes, at, list[i] as bigint);
  }
  return close(bytes, start, at);
}

/** Unsigned integers of 64 bits. */
export function uint64s(bytes: Buffer, pos: number, field: number, list: List<bigint>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = uint64At(bytes, at, list[i] as bigint);
  }
  return close(bytes, start, at);
}

/** Signed integers of 64 bits in zigzag order. */
export function sint64s(bytes: Buffer, pos: number, field: number, list: List<bigint>): number {
  if (list == null || list.length === 0) return pos;
  const start = tag(bytes, pos, field);
  let at = start + 1;
  for (let i = 0; i < list.length; i++) {
    reserve(bytes, at, 0);
    at = sint64At(bytes, at, list[i] as bigint);
  }
  return close(bytes, start, at);
}
