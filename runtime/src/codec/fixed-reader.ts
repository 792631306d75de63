import { scratch, scratchBytes } from "./scratch.ts";
import { leave } from "./slow-path.ts";
import { grown, VarintReader } from "./varint-reader.ts";

/** Reads numbers of four and eight bytes. Bytes beyond the end are undefined, see `check`. */
export class FixedReader extends VarintReader {
  fixed32(): number {
    return this.sfixed32() >>> 0;
  }

  sfixed32(): number {
    const { buffer, pos } = this;
    this.pos = pos + 4;
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

  /** Reads a packed list; its values come behind those of `before`. */
  floats(before: number[]): number[] {
    const view = this.#packed(4);
    const { byteLength } = view;
    let index = before.length;
    const count = byteLength / 4;
    const list = index === 0 ? new Array<number>(count) : grown(before, count);
    for (let at = 0; at < byteLength; at += 4) list[index++] = view.getFloat32(at, true);
    return list;
  }

  /** Reads a packed list; its values come behind those of `before`. */
  doubles(before: number[]): number[] {
    const view = this.#packed(8);
    const { byteLength } = view;
    let index = before.length;
    const count = byteLength / 8;
    const list = index === 0 ? new Array<number>(count) : grown(before, count);
    for (let at = 0; at < byteLength; at += 8) list[index++] = view.getFloat64(at, true);
    return list;
  }

  /** Reads a packed list; its values come behind those of `before`. */
  fixed32s(before: number[]): number[] {
    const view = this.#packed(4);
    const { byteLength } = view;
    let index = before.length;
    const count = byteLength / 4;
    const list = index === 0 ? new Array<number>(count) : grown(before, count);
    for (let at = 0; at < byteLength; at += 4) list[index++] = view.getUint32(at, true);
    return list;
  }

  /** Reads a packed list; its values come behind those of `before`. */
  sfixed32s(before: number[]): number[] {
    const view = this.#packed(4);
    const { byteLength } = view;
    let index = before.length;
    const count = byteLength / 4;
    const list = index === 0 ? new Array<number>(count) : grown(before, count);
    for (let at = 0; at < byteLength; at += 4) list[index++] = view.getInt32(at, true);
    return list;
  }

  /** The bytes of a packed list. */
  #packed(size: number): DataView {
    const end = this.end();
    const { buffer, pos } = this;
    const length = end - pos;
    if (length % size !== 0) leave();
    this.pos = end;
    return new DataView(buffer.buffer, buffer.byteOffset + pos, length);
  }

  /** Eight bytes to `scratch`. */
  #eight(): void {
    const { buffer, pos } = this;
    for (let i = 0; i < 8; i++) scratchBytes[i] = buffer[pos + i] as number;
    this.pos = pos + 8;
  }
}
