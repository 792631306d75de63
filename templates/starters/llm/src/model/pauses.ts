/**
 * The pauses of one generation, which end with its signal. It listens to the signal once: the `signal` of
 * `setTimeout` in node:timers/promises costs more than the rest of a token.
 */
export class Pauses {
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  #reject: (reason: unknown) => void = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#abort);
  }

  /** @throws the reason of the signal, at once */
  pause(ms: number): Promise<void> {
    this.#signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#timer = setTimeout(resolve, ms);
    });
  }

  /** Call it once, always. */
  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => {
    clearTimeout(this.#timer);
    this.#reject(this.#signal.reason);
  };
}
