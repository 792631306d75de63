const firstBytes = 64 * 1024;

/** Bytes that come in chunks. The memory grows with the bytes: many small chunks take no more than a few large ones. */
export class GrowingBytes {
  #memory = new Uint8Array(firstBytes);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(chunk: Uint8Array): void {
    const size = this.#size + chunk.length;
    if (size > this.#memory.length) {
      const larger = new Uint8Array(2 * size);
      larger.set(this.bytes());
      this.#memory = larger;
    }
    this.#memory.set(chunk, this.#size);
    this.#size = size;
  }

  /** All bytes so far, until the next `add`. */
  bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#size);
  }
}
