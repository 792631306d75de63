import { bufferPart } from "./buffer-part.ts";
import { leave } from "./slow-path.ts";

/** How deep messages may be nested, as in protobuf-es. */
const deepest = 100;

const nothing = Buffer.alloc(0);

/** A position in the bytes of a message. */
export class Cursor {
  /** Position of the next byte. */
  pos = 0;
  protected source: Uint8Array = nothing;
  /** The same bytes. */
  protected buffer: Buffer = nothing;
  #depth = 0;

  /** Starts with the bytes of a message. */
  start(bytes: Uint8Array): void {
    this.source = bytes;
    this.buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#depth = 0;
    this.pos = 0;
  }

  /** Drops its references to the bytes. */
  release(): void {
    this.source = nothing;
    this.buffer = nothing;
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

  /** The bytes up to `end`. */
  rest(end: number): Uint8Array {
    const start = this.pos;
    this.pos = end;
    const { source, buffer } = this;
    return source === buffer
      ? bufferPart(buffer.buffer, buffer.byteOffset + start, end - start)
      : source.subarray(start, end);
  }

  /** How deep messages may be nested from here. */
  depthLeft(): number {
    return deepest - this.#depth;
  }
}
