/**
 * How many of its calls a peer may still reset: a bucket of tokens. Resets are legal, and a gateway
 * passes on every cancellation of its users, but a reset costs the server more than the peer
 * (CVE-2023-44487).
 */
export class ResetAllowance {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #countedMs = performance.now();

  /** @param burst resets at once; 0 means no limit */
  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
  }

  /** Counts a reset. @returns whether it was one too many */
  isOneTooMany(): boolean {
    if (this.#burst === 0) return false;
    const nowMs = performance.now();
    const earned = ((nowMs - this.#countedMs) / 1_000) * this.#perSecond;
    this.#countedMs = nowMs;
    this.#left = Math.min(this.#burst, this.#left + earned) - 1;
    return this.#left < 0;
  }
}
