import { perConnection } from "./per-connection.ts";

/** A call in the queue. */
export interface QueuedCall {
  /** Calls of one connection are taken in their order, and connections take turns. */
  readonly connection: object;
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
 * Calls that may run as soon as the event loop has time for them. Connections take turns, so that one
 * with many calls does not hold up the others; of each the oldest call comes first.
 *
 * Under a lasting overload every call would wait until its caller has given up, and the server would
 * work for nobody. So once the queue has been busy for half a second without a break, a call waits
 * for a tenth of its timeout at most, and no longer than `maxWaitMs` (in the manner of CoDel, RFC
 * 8289). A short burst, or a pause of the garbage collector, costs nobody a call.
 */
export class CallQueue<Call extends QueuedCall> {
  readonly #maxWaitMs: number;
  readonly #shed: (call: Call) => void;
  readonly #laneOf = perConnection(() => new Lane<Call>());
  /** Those with calls; the one at `#turn` is next. */
  readonly #busy: Lane<Call>[] = [];
  #turn = 0;
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
    return this.#busy.length === 0;
  }

  /** The calls, those included that are over. */
  get calls(): Call[] {
    return this.#busy.flatMap((lane) => lane.calls);
  }

  push(call: Call): void {
    if (this.isEmpty) this.#busySinceMs = call.queuedMs;
    const lane = this.#laneOf(call.connection);
    if (lane.first === undefined) this.#busy.push(lane);
    lane.push(call);
  }

  /** The next call that has not waited too long. */
  take(): Call | undefined {
    for (;;) {
      if (this.#turn >= this.#busy.length) this.#turn = 0;
      const lane = this.#busy[this.#turn];
      if (lane === undefined) return undefined;
      this.#shedFrom(lane, performance.now());
      const call = lane.take();
      if (lane.first === undefined) this.#busy.splice(this.#turn, 1);
      else this.#turn += 1;
      if (call !== undefined) return call;
    }
  }

  /** Sheds all calls that have waited too long. */
  shedOld(): void {
    const nowMs = performance.now();
    for (const lane of [...this.#busy]) {
      this.#shedFrom(lane, nowMs);
      if (lane.first === undefined) this.#busy.splice(this.#busy.indexOf(lane), 1);
    }
  }

  #shedFrom(lane: Lane<Call>, nowMs: number): void {
    if (!this.#isOverloaded(nowMs)) return;
    for (let call = lane.first; call !== undefined; call = lane.first) {
      if (nowMs - call.queuedMs <= this.#waitOf(call)) return;
      lane.take();
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
}

/** The calls of one connection. */
class Lane<Call> {
  /** From `#next` on. */
  #calls: Call[] = [];
  #next = 0;

  get first(): Call | undefined {
    return this.#calls[this.#next];
  }

  get calls(): Call[] {
    return this.#calls.slice(this.#next);
  }

  push(call: Call): void {
    this.#calls.push(call);
  }

  take(): Call | undefined {
    const call = this.first;
    this.#next += 1;
    if (this.#next >= this.#calls.length) {
      this.#calls = [];
      this.#next = 0;
    }
    return call;
  }
}
