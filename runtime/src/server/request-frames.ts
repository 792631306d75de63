import { GrpcError } from "../error.ts";

/** What stands before each message: whether it is compressed, and its length in four bytes. */
const headerBytes = 5;
const nothing = Buffer.alloc(0);

/** Takes the messages of a call out of the bytes that carry them, in whatever pieces those come. */
export class RequestFrames {
  readonly #maxMessageBytes: number;
  /** What has arrived: taken up to `#at`, and continued in `#more`. */
  #bytes: Buffer = nothing;
  #at = 0;
  #more: Buffer[] = [];
  #moreBytes = 0;

  /** @param maxMessageBytes -1 for no limit */
  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Bytes that have not been taken. */
  get size(): number {
    return this.#bytes.length - this.#at + this.#moreBytes;
  }

  add(bytes: Buffer): void {
    if (this.#at === this.#bytes.length) {
      this.#bytes = bytes;
      this.#at = 0;
    } else {
      this.#more.push(bytes);
      this.#moreBytes += bytes.length;
    }
  }

  /**
   * The next message, or undefined when it has not arrived in full. It is a view over what came with
   * it, up to 64 KiB of other messages, and so are fields of bytes decoded from it.
   *
   * @throws GrpcError RESOURCE_EXHAUSTED when it is too large, INTERNAL when it is compressed.
   */
  take(): Buffer | undefined {
    const size = this.#nextSize();
    if (size === undefined || !this.#inOnePiece(size)) return undefined;
    const start = this.#at;
    this.#at = start + size;
    return this.#bytes.subarray(start + headerBytes, this.#at);
  }

  /** Forgets what has arrived. */
  clear(): void {
    this.#hold(nothing);
  }

  /** Size of the next message with what stands before it, as soon as that has arrived. */
  #nextSize(): number | undefined {
    if (!this.#inOnePiece(headerBytes)) return undefined;
    const bytes = this.#bytes;
    const at = this.#at;
    const length = signedInteger(bytes, at + 1);
    const maxMessageBytes = this.#maxMessageBytes;
    if (length < 0 || (maxMessageBytes !== -1 && length > maxMessageBytes)) {
      const sizes = `${length >>> 0} of ${maxMessageBytes} bytes`;
      throw new GrpcError("RESOURCE_EXHAUSTED", `a request is larger than allowed: ${sizes}`);
    }
    if (bytes[at] !== 0) {
      throw new GrpcError("INTERNAL", "a request is compressed, but no encoding was announced");
    }
    return headerBytes + length;
  }

  /** Whether so many bytes are there; then they are in `#bytes`. */
  #inOnePiece(length: number): boolean {
    if (this.#bytes.length - this.#at >= length) return true;
    if (this.size < length) return false;
    this.#hold(Buffer.concat([this.#bytes.subarray(this.#at), ...this.#more]));
    return true;
  }

  #hold(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#more = [];
    this.#moreBytes = 0;
  }
}

/**
 * Four bytes as an integer of 32 bits: made of a float, as `readUInt32BE` does, places in the bytes
 * would be floats too, which V8 optimizes for nothing.
 */
function signedInteger(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
