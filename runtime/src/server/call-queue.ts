/** A call in the queue. */
export interface QueuedCall {
  /** When it was queued; set before that. */
  readonly queuedMs: number;
  /** What the caller gives the call, in milliseconds; undefined if it has all the time. */
  readonly timeoutMs: number | undefined;
}

/** Time for which the queue has to be busy without a break to count as overloaded, in milliseconds. */
const overloadMs = 500;
/** Time after the last call was turned away for which it still counts. */
const aftermathMs = 1_000;
/** The part of its timeout that a call may spend in the queue, and what every call may. */
const partOfTimeout = 0.1;
const leastWaitMs = 100;

/**
 * Calls that may run as soon as the event loop has time for them, oldest first.
 *
 * Under a lasting overload every call would wait until its caller has given up, and the server would
 * work for nobody. So once the queue has been busy for half a second without a break, a call waits
 * for a tenth of its timeout at most, and no longer than `maxWaitMs` (in the manner of CoDel, RFC
 * 8289). A short burst, or a pause of the garbage collector, costs nobody a call.
 */
export class CallQueue<Call extends QueuedCall> {
  readonly #maxWaitMs: number;
  readonly #shed: (call: Call) => void;
  /** From `#next` on. */
  #calls: Call[] = [];
  #next = 0;
  #busySinceMs = 0;
  #shedMs = Number.NEGATIVE_INFINITY;

  /**
   * @param maxWaitMs 0 means no limit
   * @param shed called with calls that have waited too long
   */
  constructor(maxWaitMs: number, shed: (call: Call) => void) {
    this.#maxWaitMs = maxWaitMs;
    this.#shed = shed;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** The calls, those included that are over. */
  get calls(): Call[] {
    return this.#calls.slice(this.#next);
  }

  push(call: Call): void {
    if (this.isEmpty) this.#busySinceMs = call.queuedMs;
    this.#calls.push(call);
  }

  /** The next call that has not waited too long. */
  take(): Call | undefined {
    this.shedOld();
    const call = this.#calls[this.#next];
    if (call !== undefined) this.#drop();
    return call;
  }

  /** Sheds the calls that have waited too long. */
  shedOld(): void {
    const nowMs = performance.now();
    if (!this.#isOverloaded(nowMs)) return;
    for (;;) {
      const call = this.#calls[this.#next];
      if (call === undefined || nowMs - call.queuedMs <= this.#waitOf(call)) return;
      this.#drop();
      this.#shedMs = nowMs;
      this.#shed(call);
    }
  }

  #waitOf({ timeoutMs = Number.POSITIVE_INFINITY }: Call): number {
    return Math.min(this.#maxWaitMs, Math.max(leastWaitMs, timeoutMs * partOfTimeout));
  }

  #isOverloaded(nowMs: number): boolean {
    if (this.#maxWaitMs === 0 || this.isEmpty) return false;
    return nowMs - this.#busySinceMs > overloadMs || nowMs - this.#shedMs < aftermathMs;
  }

  #drop(): void {
    this.#next += 1;
    if (this.#next < this.#calls.length) return;
    this.#calls = [];
    this.#next = 0;
  }
}
