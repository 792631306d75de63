/** Frames of HTTP/2 that tests look for (RFC 9113, section 6). */
export type FrameName = "PING" | "PING ACK" | "GOAWAY";

const headerBytes = 9;

/** Counts the frames in one direction of a connection. */
export class FrameCounter {
  readonly #onFrame: (frame: FrameName) => void;
  #unread = Buffer.alloc(0);
  /** Bytes to leave out: the client's preface, then what frames carry. */
  #skip: number;

  /** @param prefaceBytes bytes before the first frame: 24 from a client, 0 from a server */
  constructor(prefaceBytes: number, onFrame: (frame: FrameName) => void) {
    this.#skip = prefaceBytes;
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const skipped = Math.min(this.#skip, this.#unread.length);
      this.#unread = this.#unread.subarray(skipped);
      this.#skip -= skipped;
      if (this.#skip > 0 || this.#unread.length < headerBytes) return;
      const name = frameName(this.#unread.readUInt8(3), this.#unread.readUInt8(4));
      if (name !== undefined) this.#onFrame(name);
      this.#skip = headerBytes + this.#unread.readUIntBE(0, 3);
    }
  }
}

function frameName(type: number, flags: number): FrameName | undefined {
  if (type === 6) return (flags & 1) === 1 ? "PING ACK" : "PING";
  return type === 7 ? "GOAWAY" : undefined;
}
