import { addAbortListener } from "./abort-listeners.ts";
import { expireAfter } from "./expiry.ts";

/** What a `Waiter` needs to know. */
export interface WaiterOptions {
  /** Ends the wait with its reason. Not aborted yet. */
  readonly signal: AbortSignal;
  /** Longest wait in milliseconds. */
  readonly maxWaitMs: number;
  /** The error after that time. */
  late(): unknown;
  /** Runs once, when the wait is over for any reason. */
  left(): void;
}

/** A call that waits for something which others give back. */
export class Waiter<T> {
  /** Rejects when the wait is over without it. */
  readonly granted: Promise<T>;
  readonly #left: () => void;
  #resolve: (value: T) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor({ signal, maxWaitMs, late, left }: WaiterOptions) {
    this.granted = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const stopListening = addAbortListener(signal, () => this.refuse(signal.reason));
    const expiry = expireAfter(maxWaitMs, () => this.refuse(late()));
    this.#left = () => {
      expiry.cancel();
      stopListening();
      left();
    };
  }

  /** To be called once, unless the wait is over. */
  grant(value: T): void {
    this.#left();
    this.#resolve(value);
  }

  /** To be called once, unless the wait is over. */
  refuse(error: unknown): void {
    this.#left();
    this.#reject(error);
  }
}
