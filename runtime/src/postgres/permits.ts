import { GrpcError } from "../error.ts";
import { retryInfo } from "../error-details.ts";
import { Waiter } from "../waiter.ts";

/**
 * A number of permits, given in the order in which they were asked for. One that is not taken before the
 * call ends, or before a time limit, is not waited for any more.
 */
export class Permits {
  readonly #waitMs: number;
  readonly #waiting = new Set<Waiter<() => void>>();
  #free: number;
  #lastReturnMs = performance.now();

  /** @param waitMs longest wait in milliseconds */
  constructor(count: number, waitMs: number) {
    this.#free = count;
    this.#waitMs = waitMs;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Milliseconds for which callers have waited and no permit has come back. */
  get stuckMs(): number {
    return this.#waiting.size === 0 ? 0 : performance.now() - this.#lastReturnMs;
  }

  /**
   * @returns a function that gives the permit back, to be called once
   * @throws GrpcError RESOURCE_EXHAUSTED when there is none in time; the reason of the signal
   */
  take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#free > 0) {
      if (this.#waiting.size === 0) this.#lastReturnMs = performance.now();
      this.#free -= 1;
      return Promise.resolve(this.#return);
    }
    const waiter: Waiter<() => void> = new Waiter({
      signal,
      maxWaitMs: this.#waitMs,
      late: poolIsFull,
      left: () => this.#waiting.delete(waiter),
    });
    this.#waiting.add(waiter);
    return waiter.granted;
  }

  readonly #return = (): void => {
    this.#lastReturnMs = performance.now();
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next.grant(this.#return);
  };
}

function poolIsFull(): GrpcError {
  return new GrpcError("RESOURCE_EXHAUSTED", "all connections to the database are in use", {
    details: [retryInfo(1_000)],
  });
}
