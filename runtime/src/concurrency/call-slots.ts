import { GrpcError } from "../error.ts";
import { retryInfo } from "../error-details.ts";
import { Waiter } from "../waiter.ts";

/** Options of `CallSlots`. */
export interface CallSlotsOptions {
  /** Calls that run at a time; at least 1. */
  readonly slots: number;
  /** Calls that wait at a time, of all callers together. Default: 1 000. */
  readonly maxWaiting?: number;
  /** Longest wait of a call, in milliseconds. Default: 10 000. */
  readonly maxWaitMs?: number;
}

/** The calls of one caller. */
interface Caller {
  running: number;
  /** The oldest comes first. */
  readonly waiting: Set<Waiter<() => void>>;
}

/** Bounds of the advice when to try again, in milliseconds. */
const minRetryMs = 100;
const maxRetryMs = 60_000;

/**
 * Lets a bounded number of calls run, and a bounded number wait, in a way that is fair to callers: a free slot
 * goes to the caller with the fewest running calls, and among those callers they take turns. When too many
 * wait, the newest of the caller with the most has to go, so that one caller cannot keep others out.
 *
 * For work that is scarce however fast the server is: generations of a model, transcodings, exports.
 *
 * @example
 * ```ts
 * const leave = await slots.take(callerKey(context), context.signal);
 * try {
 *   yield* generate(request, context.signal);
 * } finally {
 *   leave();
 * }
 * ```
 */
export class CallSlots {
  readonly #slots: number;
  readonly #maxWaiting: number;
  readonly #maxWaitMs: number;
  /** Callers with running or waiting calls, the next to get a slot first. */
  readonly #callers = new Map<string, Caller>();
  #running = 0;
  #waiting = 0;
  /** How long calls keep their slots, in milliseconds: recent ones count more. */
  #usualMs = 1_000;

  /** @throws RangeError unless there is a slot */
  constructor({ slots, maxWaiting = 1_000, maxWaitMs = 10_000 }: CallSlotsOptions) {
    if (!(slots >= 1)) throw new RangeError(`slots must be at least 1, not ${slots}`);
    this.#slots = slots;
    this.#maxWaiting = maxWaiting;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Calls that have a slot. */
  get runningCount(): number {
    return this.#running;
  }

  /** Calls that wait for one. */
  get waitingCount(): number {
    return this.#waiting;
  }

  /**
   * Takes a slot, or waits for one.
   *
   * @param caller calls with equal keys share their turns, see `callerKey`
   * @param signal ends the wait
   * @returns gives the slot back; calling it again does nothing
   * @throws GrpcError RESOURCE_EXHAUSTED with a `google.rpc.RetryInfo` when too many wait, or for too long; the
   * reason of the signal
   */
  async take(caller: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const own = this.#callerOf(caller);
    if (this.#running < this.#slots) return this.#run(caller, own);
    if (this.#waiting >= this.#maxWaiting && !this.#makeRoom(own)) {
      this.#forget(caller, own);
      throw this.#exhausted();
    }
    const waiter: Waiter<() => void> = new Waiter({
      signal,
      maxWaitMs: this.#maxWaitMs,
      late: () => this.#exhausted(),
      left: () => {
        own.waiting.delete(waiter);
        this.#waiting -= 1;
        this.#forget(caller, own);
      },
    });
    own.waiting.add(waiter);
    this.#waiting += 1;
    return await waiter.granted;
  }

  #callerOf(caller: string): Caller {
    const known = this.#callers.get(caller);
    if (known !== undefined) return known;
    const added = { running: 0, waiting: new Set<Waiter<() => void>>() };
    this.#callers.set(caller, added);
    return added;
  }

  #forget(caller: string, own: Caller): void {
    if (own.running === 0 && own.waiting.size === 0) this.#callers.delete(caller);
  }

  /** The others have their turns first. */
  #moveToEnd(caller: string, own: Caller): void {
    this.#callers.delete(caller);
    this.#callers.set(caller, own);
  }

  #run(caller: string, own: Caller): () => void {
    own.running += 1;
    this.#running += 1;
    this.#moveToEnd(caller, own);
    const startMs = performance.now();
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      own.running -= 1;
      this.#running -= 1;
      this.#usualMs += (performance.now() - startMs - this.#usualMs) / 16;
      this.#moveToEnd(caller, own);
      this.#forget(caller, own);
      this.#grantNext();
    };
  }

  #grantNext(): void {
    let next: { caller: string; own: Caller; waiter: Waiter<() => void> } | undefined;
    for (const [caller, own] of this.#callers) {
      const [waiter] = own.waiting;
      if (waiter === undefined || (next !== undefined && next.own.running <= own.running)) continue;
      next = { caller, own, waiter };
    }
    if (next === undefined) return;
    const { caller, own, waiter } = next;
    const leave = this.#run(caller, own);
    waiter.grant(leave);
  }

  /** Refuses the newest call of the caller with the most, if that is fairer than to refuse one more of `own`. */
  #makeRoom(own: Caller): boolean {
    let greediest = own;
    for (const other of this.#callers.values()) {
      if (other.waiting.size > greediest.waiting.size) greediest = other;
    }
    if (greediest.waiting.size <= own.waiting.size + 1) return false;
    [...greediest.waiting].at(-1)?.refuse(this.#exhausted());
    return true;
  }

  #exhausted(): GrpcError {
    const waitMs = (this.#usualMs * (this.#waiting + 1)) / this.#slots;
    const retryMs = Math.ceil(Math.min(Math.max(waitMs, minRetryMs), maxRetryMs));
    return new GrpcError("RESOURCE_EXHAUSTED", "too many calls wait: try again later", {
      details: [retryInfo(retryMs)],
    });
  }
}
