import type { Writable } from "node:stream";

/** Nobody reads the output any more, as in `call ... | head -1`. */
export class ReaderLeftError extends Error {
  override readonly name = "ReaderLeftError";
}

/** Standard output with backpressure: a slow reader slows the call down. */
export class Output {
  readonly #stream: Writable;
  #left = false;
  #wake: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("drain", () => this.#wake?.());
    const leave = () => {
      this.#left = true;
      this.#wake?.();
    };
    // Node.js opens process.stdout again after an error: nothing else says that it had one.
    stream.on("error", leave);
    stream.on("close", leave);
  }

  /** Resolves when there is room for more. One call at a time. @throws ReaderLeftError */
  async write(data: string | Uint8Array): Promise<void> {
    if (!this.#left && !this.#stream.write(data)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#left) throw new ReaderLeftError();
  }
}
