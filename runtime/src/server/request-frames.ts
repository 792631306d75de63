import { GrpcError } from "../error.ts";

/**
 * The prefix of each message: one byte that says whether it is compressed, four bytes of length.
 */
const headerBytes = 5;
const nothing = Buffer.alloc(0);

/** Extracts the messages of a call from its bytes, however these are split into chunks. */
export class RequestFrames {
  /** Whether the message that was taken last is compressed. */
  isCompressed = false;
  readonly #maxMessageBytes: number;
  readonly #mayBeCompressed: boolean;
  /** The received bytes: taken up to `#at`, continued in `#more`. */
  #bytes: Buffer = nothing;
  #at = 0;
  #more: Buffer[] = [];
  #moreBytes = 0;

  /**
   * @param maxMessageBytes as it is sent; -1 means no limit
   * @param mayBeCompressed whether the call has announced an encoding
   */
  constructor(maxMessageBytes: number, mayBeCompressed: boolean = false) {
    this.#maxMessageBytes = maxMessageBytes;
    this.#mayBeCompressed = mayBeCompressed;
  }

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

  /**
   * The next message, or undefined until it has arrived in full. It is a view of the received
   * chunk, which may hold up to 64 KiB of other messages; so are `bytes` fields that are decoded
   * from it.
   *
   * @throws GrpcError RESOURCE_EXHAUSTED when it is too large, INTERNAL when it is compressed and must
   *   not be, or has a flag that the protocol does not know.
   */
  take(): Buffer | undefined {
    const size = this.nextSize();
    if (size === undefined || !this.#inOnePiece(size)) return undefined;
    const start = this.#at;
    this.isCompressed = this.#bytes[start] === 1;
    this.#at = start + size;
    return this.#bytes.subarray(start + headerBytes, this.#at);
  }

  /** Drops all received bytes. */
  clear(): void {
    this.#hold(nothing);
  }

  /**
   * Size of the next message including its prefix; undefined until the prefix has arrived.
   *
   * @throws GrpcError as `take` does.
   */
  nextSize(): number | undefined {
    if (!this.#inOnePiece(headerBytes)) return undefined;
    const bytes = this.#bytes;
    const at = this.#at;
    const length = signedInteger(bytes, at + 1);
    const maxMessageBytes = this.#maxMessageBytes;
    if (length < 0 || (maxMessageBytes !== -1 && length > maxMessageBytes)) {
      const sizes = `${length >>> 0} of ${maxMessageBytes} bytes`;
      throw new GrpcError("RESOURCE_EXHAUSTED", `a request is larger than allowed: ${sizes}`);
    }
    if (bytes[at] !== 0 && (bytes[at] !== 1 || !this.#mayBeCompressed)) {
      throw new GrpcError("INTERNAL", problemOf(bytes[at]));
    }
    return headerBytes + length;
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

function problemOf(flag: number | undefined): string {
  return flag === 1
    ? "a request is compressed, but no encoding was announced"
    : `a request has the unknown flag ${flag}`;
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
