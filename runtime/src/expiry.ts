import { inThisContext } from "./async-context.ts";
import { timerMs } from "./deadline.ts";

/**
 * Calls back after a time, for things of which many wait and few get to the end of it, such as the
 * deadlines of calls. A timer of Node for each costs as much as a layer around a call; here those that
 * are due at about the same time share one. The callback comes up to 16 ms late.
 *
 * It does not keep the process alive.
 *
 * @param ms milliseconds; at most `maxTimeoutMs`
 * @param callback must not throw
 * @returns to be cancelled when it is not needed any more
 */
export function expireAfter(ms: number, callback: () => void): Expiry {
  const nowMs = performance.now();
  const expiry = new Expiry(nowMs + timerMs(ms), callback);
  bucketAt(expiry.dueMs, nowMs).add(expiry);
  return expiry;
}

/** Something that waits. */
export class Expiry {
  readonly dueMs: number;
  callback: (() => void) | undefined;
  /** Neighbours in its bucket. */
  before: Expiry = this;
  after: Expiry = this;

  constructor(dueMs: number, callback: (() => void) | undefined) {
    this.dueMs = dueMs;
    this.callback = callback;
  }

  cancel(): void {
    this.leave();
    this.callback = undefined;
  }

  leave(): void {
    this.before.after = this.after;
    this.after.before = this.before;
    this.before = this;
    this.after = this;
  }
}

/** What is looked at at the same time: a ring that begins and ends here. */
class Bucket extends Expiry {
  constructor(dueMs: number) {
    super(dueMs, undefined);
  }

  add(expiry: Expiry): void {
    expiry.before = this.before;
    expiry.after = this;
    this.before.after = expiry;
    this.before = expiry;
  }

  /** Calls what is due, and puts the rest where it is looked at next. */
  empty(): void {
    while (this.after !== this) {
      const first = this.after;
      const nowMs = performance.now();
      first.leave();
      if (first.dueMs - nowMs >= 1) bucketAt(first.dueMs, nowMs).add(first);
      else call(first, this);
    }
  }
}

function call(expiry: Expiry, bucket: Bucket): void {
  const { callback } = expiry;
  expiry.callback = undefined;
  let hasReturned = false;
  try {
    callback?.();
    hasReturned = true;
  } finally {
    // A bug of one must not keep others waiting.
    if (!hasReturned) setImmediate(() => bucket.empty());
  }
}

/** By the time at which they are looked at, in milliseconds. */
const buckets = new Map<number, Bucket>();

// Not in the context of the call that happens to be the first of its bucket.
const startTimer = inThisContext((dueMs: number, nowMs: number): void => {
  setTimeout(expire, dueMs - nowMs, dueMs).unref();
});

function expire(dueMs: number): void {
  const bucket = buckets.get(dueMs);
  buckets.delete(dueMs);
  bucket?.empty();
}

/** Where something that is due at `dueMs` waits. */
function bucketAt(dueMs: number, nowMs: number): Bucket {
  const lookMs = lookAt(dueMs, dueMs - nowMs);
  let bucket = buckets.get(lookMs);
  if (bucket === undefined) {
    bucket = new Bucket(lookMs);
    buckets.set(lookMs, bucket);
    startTimer(lookMs, nowMs);
  }
  return bucket;
}

/** Time from which on something is looked at before it is due, more than once if it is far away. */
const farMs = 1024;

/**
 * When to look at something. Far away, times are multiples of up to a thirty-second of what is left, so
 * that whatever times callers choose there are few buckets: about thirty for each doubling of the time.
 */
function lookAt(dueMs: number, leftMs: number): number {
  if (leftMs >= farMs) {
    const grain = 1 << (26 - Math.clz32(leftMs));
    return Math.floor(dueMs / grain) * grain;
  }
  const grain = grainOf(leftMs);
  return Math.ceil(dueMs / grain) * grain;
}

/** Powers of two, so that what is due soon finds what was due later. */
function grainOf(ms: number): number {
  if (ms < 64) return 1;
  if (ms < 256) return 2;
  return ms < 512 ? 8 : 16;
}
