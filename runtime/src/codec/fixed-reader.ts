import { longView } from "./long-view.ts";
import { scratch, scratchBytes } from "./scratch.ts";
import { leave } from "./slow-path.ts";
import { VarintReader } from "./varint-reader.ts";

/** Reads numbers of four and eight bytes. Bytes beyond the end are undefined, see `check`. */
export class FixedReader extends VarintReader {
  /** Of the bytes, once it is needed. */
  #view: DataView | undefined;

  override start(bytes: Uint8Array): void {
    super.start(bytes);
    this.#view = undefined;
  }

  override release(): void {
    super.release();
    this.#view = undefined;
  }

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
    this.#view ??= longView(this.buffer);
    const { pos } = this;
    const view = this.#view;
    if (view !== undefined && pos + 8 <= view.byteLength) {
      this.pos = pos + 8;
      return view.getFloat64(pos, true);
    }
    this.#eight();
    return scratch.getFloat64(0, true);
  }

  /** Adds the values of a packed list. */
  floats(list: number[]): void {
    const view = this.#packed(4);
    const { byteLength } = view;
    let index = grown(list, byteLength / 4);
    for (let at = 0; at < byteLength; at += 4) list[index++] = view.getFloat32(at, true);
  }

  /** Adds the values of a packed list. */
  doubles(list: number[]): void {
    const view = this.#packed(8);
    const { byteLength } = view;
    let index = grown(list, byteLength / 8);
    for (let at = 0; at < byteLength; at += 8) list[index++] = view.getFloat64(at, true);
  }

  /** Adds the values of a packed list. */
  fixed32s(list: number[]): void {
    const view = this.#packed(4);
    const { byteLength } = view;
    let index = grown(list, byteLength / 4);
    for (let at = 0; at < byteLength; at += 4) list[index++] = view.getUint32(at, true);
  }

  /** Adds the values of a packed list. */
  sfixed32s(list: number[]): void {
    const view = this.#packed(4);
    const { byteLength } = view;
    let index = grown(list, byteLength / 4);
    for (let at = 0; at < byteLength; at += 4) list[index++] = view.getInt32(at, true);
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

/** Makes room for more values, and returns the index of the first of them. */
function grown(list: number[], more: number): number {
  const { length } = list;
  list.length += more;
  return length;
}
