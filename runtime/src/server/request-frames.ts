import { prefixBytes } from "../codec/frame.ts";
import { GrpcError } from "../error.ts";
import { MessageFrames } from "../message-frames.ts";

/** The requests of a call; those that are not legal are refused. */
export class RequestFrames {
  /** Whether the message that was taken last is compressed. */
  isCompressed = false;
  readonly #frames = new MessageFrames();
  readonly #maxMessageBytes: number;
  readonly #mayBeCompressed: boolean;

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
    return this.#frames.size;
  }

  add(bytes: Buffer): void {
    this.#frames.add(bytes);
  }

  /**
   * The next message, or undefined until it has arrived in full, see `MessageFrames`.
   *
   * @throws GrpcError RESOURCE_EXHAUSTED when it is too large, INTERNAL when it is compressed and must
   *   not be, or has a flag that the protocol does not know.
   */
  take(): Buffer | undefined {
    const frames = this.#frames;
    if (!frames.hasPrefix()) return undefined;
    this.#check();
    this.isCompressed = frames.flag === 1;
    return frames.takeMessage();
  }

  /** Drops all received bytes. */
  clear(): void {
    this.#frames.clear();
  }

  /**
   * Size of the next message including its prefix; undefined until the prefix has arrived.
   *
   * @throws GrpcError as `take` does.
   */
  nextSize(): number | undefined {
    if (!this.#frames.hasPrefix()) return undefined;
    this.#check();
    return prefixBytes + this.#frames.length;
  }

  #check(): void {
    const { length, flag } = this.#frames;
    const maxMessageBytes = this.#maxMessageBytes;
    if (length < 0 || (maxMessageBytes !== -1 && length > maxMessageBytes)) {
      const sizes = `${length >>> 0} of ${maxMessageBytes} bytes`;
      throw new GrpcError("RESOURCE_EXHAUSTED", `a request is larger than allowed: ${sizes}`);
    }
    if (flag !== 0 && (flag !== 1 || !this.#mayBeCompressed)) {
      throw new GrpcError("INTERNAL", problemOf(flag));
    }
  }
}

function problemOf(flag: number): string {
  return flag === 1
    ? "a request is compressed, but no encoding was announced"
    : `a request has the unknown flag ${flag}`;
}
