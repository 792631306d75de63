import { prefixBytes } from "./codec/frame.ts";

const nothing = Buffer.alloc(0);

/** Extracts the messages of a call from its bytes, however these are split into chunks. */
export class MessageFrames {
  /** The received bytes: taken up to `#at`, continued in `#more`. */
  #bytes: Buffer = nothing;
  #at = 0;
  #more: Buffer[] = [];
  #moreBytes = 0;

  /** Bytes that have not been taken. */
  get size(): number {
    return this.#bytes.length - this.#at + this.#moreBytes;
  }

  add(bytes: Buffer): void {
    if (this.size === 0) {
      this.#bytes = bytes;
      this.#at = 0;
    } else {
      this.#more.push(bytes);
      this.#moreBytes += bytes.length;
    }
  }

  /** Whether the prefix of the next message has arrived. */
  hasPrefix(): boolean {
    return this.#inOnePiece(prefixBytes);
  }

  /** First byte of the next message, whose prefix has arrived. */
  get flag(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  /** Length of the next message, whose prefix has arrived; negative from 2 GiB on. */
  get length(): number {
    return signedInteger(this.#bytes, this.#at + 1);
  }

  /** Whether all of the next message has arrived, whose prefix has. */
  isComplete(): boolean {
    return this.size >= prefixBytes + this.length;
  }

  /**
   * The next message, whose prefix has arrived; undefined until it has arrived in full. It is a view of
   * the received chunk, which may hold up to 64 KiB of other messages; so are `bytes` fields that are
   * decoded from it.
   */
  takeMessage(): Buffer | undefined {
    const size = prefixBytes + this.length;
    if (!this.#inOnePiece(size)) return undefined;
    const start = this.#at;
    this.#at = start + size;
    return this.#bytes.subarray(start + prefixBytes, this.#at);
  }

  /** Takes all bytes that have not been taken, whatever they are. */
  takeRest(): Buffer {
    const rest = Buffer.concat([this.#bytes.subarray(this.#at), ...this.#more]);
    this.clear();
    return rest;
  }

  /** Drops all received bytes. */
  clear(): void {
    this.#hold(nothing);
  }

  /** Whether `length` bytes have arrived. If so, they are contiguous in `#bytes`. */
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
 * Four bytes as a signed 32-bit integer. `readUInt32BE` computes a double, which would make the
 * offsets that depend on it doubles as well, and V8 slower.
 */
function signedInteger(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
