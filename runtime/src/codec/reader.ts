import type { DescMessage } from "@bufbuild/protobuf";
import { FixedReader } from "./fixed-reader.ts";
import { hasField } from "./known-fields.ts";
import type { MessageLike } from "./message-like.ts";
import { leave } from "./slow-path.ts";
import { TextReader } from "./text-reader.ts";

/**
 * Reads the values of a message, one after the other. Bytes that are malformed, and what is rare, are
 * left to protobuf-es, see `leave`.
 */
export class Reader extends FixedReader {
  readonly #texts = new TextReader();

  override start(bytes: Uint8Array): void {
    super.start(bytes);
    this.#texts.start(this.buffer);
  }

  override release(): void {
    super.release();
    this.#texts.start(this.buffer);
  }

  string(): string {
    const end = this.end();
    const start = this.pos;
    this.pos = end;
    return this.#texts.read(start, end);
  }

  /** Text of a field that need not be UTF-8: U+FFFD stands for what is not. */
  lenientString(): string {
    const end = this.end();
    const start = this.pos;
    this.pos = end;
    return this.#texts.readLenient(start, end);
  }

  bytes(): Uint8Array {
    return this.rest(this.end());
  }

  /** Keeps a field that the message does not know. */
  unknown(tag: number, message: MessageLike, schema: DescMessage): void {
    const no = tag >>> 3;
    // A known field here has another wire type than it should have.
    if (no === 0 || hasField(schema, no)) leave();
    const start = this.pos;
    this.#skip(tag & 7);
    const field = { no, wireType: tag & 7, data: this.source.subarray(start, this.pos) };
    if (message.$unknown === undefined) message.$unknown = [field];
    else message.$unknown.push(field);
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.pos += 8;
    else if (wireType === 2) this.pos = this.end();
    else if (wireType === 5) this.pos += 4;
    else leave();
    if (this.pos > this.buffer.length) leave();
  }
}
