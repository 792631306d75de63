/** Milliseconds. */
const times = { shortest: 100, longest: 2000, lasting: 10_000 };

/**
 * Times between attempts to connect, in milliseconds: each twice as long as the one before, from 0.1 to
 * 2 s, less up to a half at random, so that replicas do not come back all at the same time.
 */
export class RetryDelay {
  #attempts = 0;

  /**
   * The time until the next attempt.
   *
   * @param lastedMs how long the connection has worked: one that breaks again and again gets no new start
   */
  next(lastedMs: number): number {
    if (lastedMs > times.lasting) this.#attempts = 0;
    const delayMs = Math.min(times.shortest * 2 ** this.#attempts, times.longest);
    this.#attempts += 1;
    return delayMs * (0.5 + Math.random() / 2);
  }
}
