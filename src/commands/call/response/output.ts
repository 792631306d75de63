import type { Writable } from "node:stream";
import { describeSystemError, errorCode } from "../../../terminal/errors.ts";

/** Nobody reads the output any more, as in `call ... | head -1`. */
export class ReaderLeftError extends Error {
  override readonly name = "ReaderLeftError";
}

/** What was received could not be written, for example because a disk is full. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** Standard output with backpressure: a slow reader slows the call down. */
export class Output {
  readonly #stream: Writable;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("drain", () => this.#wake?.());
    const fail = (failure: Error) => {
      this.#failure ??= failure;
      this.#wake?.();
    };
    // Node.js opens process.stdout again after an error: nothing else says that it had one.
    stream.on("error", (error) => fail(failureOf(error)));
    stream.on("close", () => fail(new ReaderLeftError()));
  }

  /** Resolves when there is room for more. One call at a time. @throws ReaderLeftError, OutputError */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#failure === undefined && !this.#stream.write(data)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when all of it has been written. @throws ReaderLeftError, OutputError */
  async flush(): Promise<void> {
    if (this.#failure === undefined) {
      await new Promise<void>((resolve) => this.#stream.write("", () => resolve()));
      // An error of the last write is emitted after that.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function failureOf(error: Error): Error {
  const code = errorCode(error);
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return new ReaderLeftError();
  return new OutputError(`standard output: ${describeSystemError(error) ?? error.message}`);
}
