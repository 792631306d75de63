import { addAbortListener } from "../abort-listeners.ts";

/**
 * A load that several callers wait for. A caller whose signal aborts stops waiting; the load goes on for
 * the others, and is cancelled when nobody waits for it any more.
 */
export class Flight<T> {
  /**
   * What it loads may be out of date, or nobody has waited for the end: its value must not be kept.
   */
  isStale = false;
  readonly #result: Promise<T>;
  readonly #abort = new AbortController();
  readonly #abandoned: () => void;
  #waiting = 0;
  #landed = false;

  /**
   * @param load its signal aborts when nobody waits
   * @param abandoned is called then, so that no caller joins any more
   */
  constructor(load: (flight: Flight<T>) => Promise<T>, abandoned: () => void) {
    this.#abandoned = abandoned;
    // Not before the flight is known where others look for it.
    this.#result = Promise.resolve()
      .then(() => load(this))
      .finally(() => {
        this.#landed = true;
      });
    // Callers that have left must not make it an unhandled rejection.
    this.#result.catch(() => {});
  }

  /** Aborts when nobody waits. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Waits for the result. @throws the reason of `signal` when that aborts, or the error of the load. */
  async join(signal?: AbortSignal): Promise<T> {
    this.#waiting += 1;
    try {
      return await (signal === undefined ? this.#result : until(signal, this.#result));
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#landed) return;
    this.isStale = true;
    this.#abandoned();
    this.#abort.abort();
  }
}

/** `result`, unless the signal aborts before. */
function until<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    const stopListening = addAbortListener(signal, stop);
    result.then(resolve, reject).finally(stopListening);
  });
}
