import { once } from "node:events";
import type { Writable } from "node:stream";

/** Nobody reads the output any more, as in `call ... | head -1`. */
export class ReaderLeftError extends Error {
  override readonly name = "ReaderLeftError";
}

/** Standard output with backpressure: a slow reader slows the call down. */
export class Output {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Resolves when there is room for more. @throws ReaderLeftError */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#left) throw new ReaderLeftError();
    if (!this.#stream.write(data)) {
      // Also after an error: the stream closes then.
      await Promise.race([once(this.#stream, "drain"), once(this.#stream, "close")]).catch(ignore);
    }
    if (this.#left) throw new ReaderLeftError();
  }

  get #left(): boolean {
    return this.#stream.destroyed || this.#stream.errored !== null;
  }
}

/** `once` rejects with the error of the stream, which `#left` sees. */
function ignore(): void {}
