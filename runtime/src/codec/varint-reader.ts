import type { DescEnum } from "@bufbuild/protobuf";
import { Cursor } from "./cursor.ts";
import { hasValue } from "./known-fields.ts";
import { scratch } from "./scratch.ts";
import { leave } from "./slow-path.ts";

/** Reads integers of varying size. Bytes beyond the end are undefined: `check` finds out. */
export class VarintReader extends Cursor {
  /** Upper half of the last varint of 64 bits. */
  #high = 0;

  /** Reads a length and returns the position after that many bytes. */
  end(): number {
    const length = this.uint32();
    const end = this.pos + length;
    return end > this.buffer.length ? leave() : end;
  }

  /** Number and wire type of a field. */
  tag(): number {
    const byte = this.buffer[this.pos] as number;
    if (byte < 0x80) {
      this.pos += 1;
      return byte;
    }
    const start = this.pos;
    const tag = this.uint32();
    const size = this.pos - start;
    // More than 32 bits.
    if (size > 5 || (size === 5 && (this.buffer[this.pos - 1] as number) > 0x0f)) leave();
    return tag;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  enum<E extends number>(): E {
    return this.int32() as E;
  }

  /** An enum whose other values are unknown fields: those are left to protobuf-es. */
  closedEnum<E extends number>(schema: DescEnum): E {
    const value = this.int32();
    if (!hasValue(schema, value)) leave();
    return value as E;
  }

  uint32(): number {
    const { buffer, pos } = this;
    const first = buffer[pos] as number;
    if (first < 0x80) {
      this.pos = pos + 1;
      return first;
    }
    const second = buffer[pos + 1] as number;
    if (second < 0x80) {
      this.pos = pos + 2;
      return (first & 0x7f) | (second << 7);
    }
    const third = buffer[pos + 2] as number;
    if (third < 0x80) {
      this.pos = pos + 3;
      return (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
    }
    return this.varint() >>> 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads a packed list; its values come behind those of `before`. */
  int32s(before: number[]): number[] {
    const { buffer } = this;
    const end = this.end();
    let index = before.length;
    const count = this.#count(end);
    // A new list is filled faster than one that grows.
    const list = index === 0 ? new Array<number>(count) : grown(before, count);
    let at = this.pos;
    while (at < end) {
      const first = buffer[at] as number;
      if (first < 0x80) {
        list[index++] = first;
        at += 1;
        continue;
      }
      const second = buffer[at + 1] as number;
      if (second < 0x80) {
        list[index++] = (first & 0x7f) | (second << 7);
        at += 2;
      } else {
        this.pos = at;
        list[index++] = this.uint32() | 0;
        at = this.pos;
      }
    }
    this.pos = at;
    this.check(end);
    return list;
  }

  /** The same for unsigned integers. */
  uint32s(before: number[]): number[] {
    const start = before.length;
    const list = this.int32s(before);
    for (let i = start; i < list.length; i++) list[i] = (list[i] as number) >>> 0;
    return list;
  }

  /** The same for integers in zigzag order. */
  sint32s(before: number[]): number[] {
    const start = before.length;
    const list = this.int32s(before);
    for (let i = start; i < list.length; i++) {
      const value = list[i] as number;
      list[i] = (value >>> 1) ^ -(value & 1);
    }
    return list;
  }

  /** How many integers there are up to `end`. */
  #count(end: number): number {
    const { buffer } = this;
    let count = 0;
    // Each has one byte without the highest bit.
    for (let i = this.pos; i < end; i++) count += 1 - ((buffer[i] as number) >>> 7);
    return count;
  }

  bool(): boolean {
    const byte = this.buffer[this.pos] as number;
    if (byte < 0x80) {
      this.pos += 1;
      return byte !== 0;
    }
    return this.varint() !== 0 || this.#high !== 0;
  }

  int64(): bigint {
    scratch.setInt32(0, this.varint(), true);
    scratch.setInt32(4, this.#high, true);
    return scratch.getBigInt64(0, true);
  }

  uint64(): bigint {
    scratch.setInt32(0, this.varint(), true);
    scratch.setInt32(4, this.#high, true);
    return scratch.getBigUint64(0, true);
  }

  sint64(): bigint {
    const low = this.varint();
    const high = this.#high;
    const sign = -(low & 1);
    scratch.setInt32(0, ((low >>> 1) | (high << 31)) ^ sign, true);
    scratch.setInt32(4, (high >>> 1) ^ sign, true);
    return scratch.getBigInt64(0, true);
  }

  /** Lower half of a varint of up to 64 bits; the upper half is in `#high`. Not a loop: it is faster. */
  protected varint(): number {
    const { buffer, pos } = this;
    let byte = buffer[pos] as number;
    let low = byte & 0x7f;
    if (byte < 0x80) return this.#done(pos + 1, low, 0);
    byte = buffer[pos + 1] as number;
    low |= (byte & 0x7f) << 7;
    if (byte < 0x80) return this.#done(pos + 2, low, 0);
    byte = buffer[pos + 2] as number;
    low |= (byte & 0x7f) << 14;
    if (byte < 0x80) return this.#done(pos + 3, low, 0);
    byte = buffer[pos + 3] as number;
    low |= (byte & 0x7f) << 21;
    if (byte < 0x80) return this.#done(pos + 4, low, 0);
    byte = buffer[pos + 4] as number;
    low |= (byte & 0x7f) << 28;
    let high = (byte & 0x7f) >> 4;
    if (byte < 0x80) return this.#done(pos + 5, low, high);
    byte = buffer[pos + 5] as number;
    high |= (byte & 0x7f) << 3;
    if (byte < 0x80) return this.#done(pos + 6, low, high);
    byte = buffer[pos + 6] as number;
    high |= (byte & 0x7f) << 10;
    if (byte < 0x80) return this.#done(pos + 7, low, high);
    byte = buffer[pos + 7] as number;
    high |= (byte & 0x7f) << 17;
    if (byte < 0x80) return this.#done(pos + 8, low, high);
    byte = buffer[pos + 8] as number;
    high |= (byte & 0x7f) << 24;
    if (byte < 0x80) return this.#done(pos + 9, low, high);
    byte = buffer[pos + 9] as number;
    high |= (byte & 0x7f) << 31;
    return byte < 0x80 ? this.#done(pos + 10, low, high) : leave();
  }

  #done(pos: number, low: number, high: number): number {
    this.pos = pos;
    this.#high = high;
    return low;
  }
}

/** Makes room for more values. */
export function grown(list: number[], more: number): number[] {
  list.length += more;
  return list;
}
