import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { hasField, hasValue } from "./known-fields.ts";
import type { MessageLike } from "./message-like.ts";
import { readLenientText, readText } from "./read-text.ts";
import { scratch, scratchBytes } from "./scratch.ts";
import { leave } from "./slow-path.ts";

/** How deep messages may be nested, as in protobuf-es. */
const deepest = 100;

const nothing = Buffer.alloc(0);

/**
 * Reads the values of a message, one after the other. Bytes that are malformed, and what is rare, are
 * left to protobuf-es, see `leave`.
 */
export class Reader {
  /** Position of the next byte. */
  pos = 0;
  #bytes: Uint8Array = nothing;
  /** The same bytes. */
  #buffer: Buffer = nothing;
  #depth = 0;
  /** Upper half of the last varint of 64 bits. */
  #high = 0;

  /** Starts with the bytes of a message. */
  start(bytes: Uint8Array): void {
    const { buffer, byteOffset, length } = bytes;
    this.#bytes = bytes;
    this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, length);
    this.#depth = 0;
    this.pos = 0;
  }

  /** Drops its references to the bytes. */
  release(): void {
    this.#bytes = nothing;
    this.#buffer = nothing;
  }

  /** A message begins. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > deepest) leave();
  }

  /** A message must end here. */
  exit(end: number): void {
    this.#depth -= 1;
    this.check(end);
  }

  /** A packed list or the entry of a map must end here. */
  check(end: number): void {
    if (this.pos !== end) leave();
  }

  /** Reads a length and returns the position after that many bytes. */
  end(): number {
    const length = this.uint32();
    const end = this.pos + length;
    return end > this.#buffer.length ? leave() : end;
  }

  /** Number and wire type of a field. */
  tag(): number {
    const byte = this.#buffer[this.pos] as number;
    if (byte < 0x80) {
      this.pos += 1;
      return byte;
    }
    const start = this.pos;
    const tag = this.uint32();
    const size = this.pos - start;
    // More than 32 bits.
    if (size > 5 || (size === 5 && (this.#buffer[this.pos - 1] as number) > 0x0f)) leave();
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
    const buffer = this.#buffer;
    const first = buffer[this.pos] as number;
    if (first < 0x80) {
      this.pos += 1;
      return first;
    }
    const second = buffer[this.pos + 1] as number;
    if (second < 0x80) {
      this.pos += 2;
      return (first & 0x7f) | (second << 7);
    }
    return this.#varint() >>> 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  bool(): boolean {
    const byte = this.#buffer[this.pos] as number;
    if (byte < 0x80) {
      this.pos += 1;
      return byte !== 0;
    }
    return this.#varint() !== 0 || this.#high !== 0;
  }

  int64(): bigint {
    scratch.setInt32(0, this.#varint(), true);
    scratch.setInt32(4, this.#high, true);
    return scratch.getBigInt64(0, true);
  }

  uint64(): bigint {
    scratch.setInt32(0, this.#varint(), true);
    scratch.setInt32(4, this.#high, true);
    return scratch.getBigUint64(0, true);
  }

  sint64(): bigint {
    const low = this.#varint();
    const high = this.#high;
    const sign = -(low & 1);
    scratch.setInt32(0, ((low >>> 1) | (high << 31)) ^ sign, true);
    scratch.setInt32(4, (high >>> 1) ^ sign, true);
    return scratch.getBigInt64(0, true);
  }

  fixed32(): number {
    return this.sfixed32() >>> 0;
  }

  sfixed32(): number {
    const buffer = this.#buffer;
    const { pos } = this;
    this.pos = pos + 4;
    // Bytes beyond the end are undefined, which counts as 0 here: `exit` finds out.
    const low = (buffer[pos] as number) | ((buffer[pos + 1] as number) << 8);
    const high = (buffer[pos + 2] as number) | ((buffer[pos + 3] as number) << 8);
    return low | (high << 16);
  }

  fixed64(): bigint {
    this.#eight();
    return scratch.getBigUint64(0, true);
  }

  sfixed64(): bigint {
    this.#eight();
    return scratch.getBigInt64(0, true);
  }

  float(): number {
    scratch.setInt32(0, this.sfixed32(), true);
    return scratch.getFloat32(0, true);
  }

  double(): number {
    this.#eight();
    return scratch.getFloat64(0, true);
  }

  string(): string {
    const end = this.end();
    const start = this.pos;
    this.pos = end;
    return readText(this.#buffer, start, end);
  }

  /** Text of a field that need not be UTF-8: U+FFFD stands for what is not. */
  lenientString(): string {
    const end = this.end();
    const start = this.pos;
    this.pos = end;
    return readLenientText(this.#buffer, start, end);
  }

  bytes(): Uint8Array {
    return this.rest(this.end());
  }

  /** The bytes up to `end`. */
  rest(end: number): Uint8Array {
    const start = this.pos;
    this.pos = end;
    return this.#bytes.subarray(start, end);
  }

  /** How deep messages may be nested from here. */
  depthLeft(): number {
    return deepest - this.#depth;
  }

  /** Keeps a field that the message does not know. */
  unknown(tag: number, message: MessageLike, schema: DescMessage): void {
    const no = tag >>> 3;
    // A known field here has another wire type than it should have.
    if (no === 0 || hasField(schema, no)) leave();
    const start = this.pos;
    this.#skip(tag & 7);
    const field = { no, wireType: tag & 7, data: this.#bytes.subarray(start, this.pos) };
    if (message.$unknown === undefined) message.$unknown = [field];
    else message.$unknown.push(field);
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.pos += 8;
    else if (wireType === 2) this.pos = this.end();
    else if (wireType === 5) this.pos += 4;
    else leave();
    if (this.pos > this.#buffer.length) leave();
  }

  /** Lower half of a varint of up to 64 bits; the upper half is in `#high`. */
  #varint(): number {
    const buffer = this.#buffer;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = buffer[this.pos] as number;
      this.pos += 1;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#high = high;
        return low;
      }
    }
    return leave();
  }

  /** Eight bytes to `scratch`. */
  #eight(): void {
    const buffer = this.#buffer;
    const { pos } = this;
    for (let i = 0; i < 8; i++) scratchBytes[i] = buffer[pos + i] as number;
    this.pos = pos + 8;
  }
}
