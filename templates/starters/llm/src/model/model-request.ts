import { GrpcError } from "grpc-service";

/** Time that a finished response has for its last bytes, so that its connection can be used again. */
const finishMs = 100;
const finishReads = 4;

/**
 * One HTTP request, in which no wait is longer than a limit. Time that our caller takes does not count. It ends
 * with `signal`.
 */
export class ModelRequest {
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal;
  readonly #silenceMs: number;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  /** @param silenceMs longest wait for the next byte, in milliseconds */
  constructor(signal: AbortSignal, silenceMs: number) {
    this.#signal = signal;
    this.#silenceMs = silenceMs;
    if (signal.aborted) this.#abort();
    else signal.addEventListener("abort", this.#abort);
  }

  /** @throws GrpcError UNAVAILABLE when there is no response; the reason of the signal */
  async send(url: URL, init: RequestInit): Promise<Response> {
    const { signal } = this.#controller;
    const sent = fetch(url, { ...init, redirect: "error", signal });
    const response = await this.#within(this.#silenceMs, sent);
    this.#reader = response.body?.getReader();
    return response;
  }

  /** The body of the response. @throws GrpcError UNAVAILABLE when it breaks off; the reason of the signal */
  async *chunks(): AsyncIterable<Uint8Array> {
    for (;;) {
      const chunk = await this.#read(this.#silenceMs);
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  /** Waits a moment for the end of a response that has nothing more to say. */
  async finish(): Promise<void> {
    try {
      for (let reads = 0; reads < finishReads; reads += 1) {
        if ((await this.#read(finishMs)) === undefined) return;
      }
    } catch {
      // Then its connection is closed.
    }
  }

  /** Closes the connection, unless the response has been read to its end. Call it once, always. */
  close(): void {
    this.#signal.removeEventListener("abort", this.#abort);
    this.#controller.abort();
  }

  readonly #abort = (): void => this.#controller.abort(this.#signal.reason);

  async #read(limitMs: number): Promise<Uint8Array | undefined> {
    const reader = this.#reader;
    if (reader === undefined) return undefined;
    return (await this.#within(limitMs, reader.read())).value;
  }

  async #within<T>(limitMs: number, step: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(silentFor(limitMs)), limitMs);
    try {
      return await step;
    } catch (cause) {
      if (this.#controller.signal.aborted) throw this.#controller.signal.reason;
      throw new GrpcError("UNAVAILABLE", "the model cannot be reached", { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

function silentFor(ms: number): GrpcError {
  return new GrpcError("UNAVAILABLE", `the model has been silent for ${ms} ms`);
}
