import { timerMs } from "./deadline.ts";

/**
 * Calls back after a time, for things of which many wait and few get to the end of it, such as the
 * deadlines of calls. A timer of Node for each costs as much as a layer around a call; here those that
 * are due together share one. The callback comes up to a thirty-second of the time late, and up to 16 ms.
 *
 * It does not keep the process alive.
 *
 * @param ms milliseconds; at most `maxTimeoutMs`
 * @param callback must not throw
 * @returns to be cancelled when it is not needed any more
 */
export function expireAfter(ms: number, callback: () => void): Expiry {
  const grain = grainOf(ms);
  const now = performance.now();
  const dueMs = Math.ceil((now + timerMs(ms)) / grain) * grain;
  let bucket = buckets.get(dueMs);
  if (bucket === undefined) {
    bucket = new Bucket();
    buckets.set(dueMs, bucket);
    setTimeout(expire, dueMs - now, dueMs).unref();
  }
  return bucket.add(callback);
}

/** Something that waits. */
export class Expiry {
  callback: (() => void) | undefined;
  /** Neighbours in its bucket. */
  before: Expiry = this;
  after: Expiry = this;

  constructor(callback: (() => void) | undefined) {
    this.callback = callback;
  }

  cancel(): void {
    this.before.after = this.after;
    this.after.before = this.before;
    this.before = this;
    this.after = this;
    this.callback = undefined;
  }
}

/** What is due at the same time: a ring that begins and ends here. */
class Bucket extends Expiry {
  constructor() {
    super(undefined);
  }

  add(callback: () => void): Expiry {
    const expiry = new Expiry(callback);
    expiry.before = this.before;
    expiry.after = this;
    this.before.after = expiry;
    this.before = expiry;
    return expiry;
  }
}

/** By the time at which they are due, in milliseconds. */
const buckets = new Map<number, Bucket>();

function expire(dueMs: number): void {
  const bucket = buckets.get(dueMs);
  buckets.delete(dueMs);
  if (bucket === undefined) return;
  while (bucket.after !== bucket) {
    const { after: first } = bucket;
    const { callback } = first;
    first.cancel();
    callback?.();
  }
}

/** Powers of two, so that what is due soon finds what was due later. */
function grainOf(ms: number): number {
  if (ms < 64) return 1;
  if (ms < 256) return 2;
  return ms < 512 ? 8 : 16;
}
