/** A turn of the event loop that takes longer starts fewer calls the next time, in milliseconds. */
const longTurnMs = 20;
/** One that takes less starts more. */
const shortTurnMs = 5;
const mostPerTurn = 1_024;

/**
 * How many calls to start before the event loop has its turn. What a handler computes at once comes
 * after that, so that only the next turn can tell how long it took.
 */
export class StartPace {
  #perTurn = 16;
  #startMs = 0;
  #started = 0;

  /** To be called at the begin of a turn. */
  begin(): void {
    const nowMs = performance.now();
    if (this.#started > 0) this.#adapt(nowMs - this.#startMs);
    this.#startMs = nowMs;
    this.#started = 0;
  }

  /** Counts a call that was started. @returns whether another one may follow */
  next(): boolean {
    this.#started += 1;
    return this.#started < this.#perTurn && performance.now() - this.#startMs < longTurnMs / 2;
  }

  /** Whether enough calls were started to look at how long that takes. */
  get needsLook(): boolean {
    return this.#started > this.#perTurn / 4;
  }

  /** To be called when no turn follows at once. */
  pause(): void {
    this.#started = 0;
  }

  #adapt(ms: number): void {
    if (ms > longTurnMs) this.#perTurn = Math.max(1, this.#perTurn >> 1);
    else if (ms < shortTurnMs) this.#perTurn = Math.min(mostPerTurn, this.#perTurn << 1);
  }
}
