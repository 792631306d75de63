import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { addAbortListener } from "../abort-listeners.ts";
import { GrpcError } from "../error.ts";
import { errorDetail, RetryInfoSchema } from "../error-details.ts";
import { expireAfter } from "../expiry.ts";

/** Somebody who waits for a permit. */
interface Waiter {
  readonly grant: () => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * A number of permits, given in the order in which they were asked for. One that is not taken before the
 * call ends, or before a time limit, is not waited for any more.
 */
export class Permits {
  readonly #waitMs: number;
  readonly #waiting = new Set<Waiter>();
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
    return new Promise((resolve, reject) => this.#wait(signal, resolve, reject));
  }

  #wait(
    signal: AbortSignal,
    resolve: (giveBack: () => void) => void,
    reject: (error: unknown) => void,
  ): void {
    const leave = (): void => {
      this.#waiting.delete(waiter);
      expiry.cancel();
      stopListening();
    };
    const waiter: Waiter = {
      grant: () => {
        leave();
        resolve(this.#return);
      },
      refuse: (error) => {
        leave();
        reject(error);
      },
    };
    this.#waiting.add(waiter);
    const stopListening = addAbortListener(signal, () => waiter.refuse(signal.reason));
    const expiry = expireAfter(this.#waitMs, () => waiter.refuse(poolIsFull()));
  }

  readonly #return = (): void => {
    this.#lastReturnMs = performance.now();
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next.grant();
  };
}

function poolIsFull(): GrpcError {
  return new GrpcError("RESOURCE_EXHAUSTED", "all connections to the database are in use", {
    details: [errorDetail(RetryInfoSchema, { retryDelay: durationFromMs(1_000) })],
  });
}
