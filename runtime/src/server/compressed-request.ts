import { GrpcError } from "../error.ts";
import { decompress, type RequestEncoding } from "./decompress.ts";
import { FairSlots } from "./fair-slots.ts";

/**
 * Requests that are decompressed at a time, in the process. A request of 4 KiB can become one of 4 MiB:
 * thousands at once would take all memory.
 */
const slots = new FairSlots(8);

/** A request as it was sent. */
export class CompressedRequest {
  readonly #bytes: Buffer;
  readonly #encoding: RequestEncoding;
  readonly #maxBytes: number;
  readonly #connection: object;
  readonly #isOver: () => boolean;

  /**
   * @param maxBytes size when decompressed; -1 means no limit
   * @param connection a key: connections take turns
   * @param isOver whether the call is over, so that nobody needs the request any more
   */
  constructor(
    bytes: Buffer,
    encoding: RequestEncoding,
    maxBytes: number,
    connection: object,
    isOver: () => boolean,
  ) {
    this.#bytes = bytes;
    this.#encoding = encoding;
    this.#maxBytes = maxBytes;
    this.#connection = connection;
    this.#isOver = isOver;
  }

  /** @throws GrpcError as `decompress` does, and CANCELLED when the call is over before that. */
  async decompressed(): Promise<Buffer> {
    const turn = slots.enter(this.#connection);
    if (turn !== undefined) await turn;
    try {
      if (this.#isOver()) throw new GrpcError("CANCELLED", "the call is over");
      return await decompress(this.#bytes, this.#encoding, this.#maxBytes);
    } finally {
      slots.leave();
    }
  }
}
