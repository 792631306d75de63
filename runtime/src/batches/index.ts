/** Items of a stream in batches, bounded by number, size and time, for a database or a model. */
import { Gathering } from "./gathering.ts";
import { type BatchLimits, type BatchOptions, checkedLimits } from "./limits.ts";

export { KeyTurns } from "./key-turns.ts";
export type { BatchOptions } from "./limits.ts";

/**
 * Groups the items of a stream. A batch is given when it is full, when its first item has waited for
 * `maxWaitMs`, or when the stream ends; it is never empty.
 *
 * While the consumer works on a batch, the next one is read ahead. When that is full, reading pauses, so
 * that backpressure reaches the sender: at most two batches and one item are in memory.
 *
 * When the stream fails or the signal aborts, so does the iteration, at once: the batch that is being
 * gathered is dropped. A consumer that stops early closes the stream. No timer stays behind.
 *
 * @throws RangeError for an option that makes no sense
 * @example
 * ```ts
 * const limits = { maxItems: 1000, maxWaitMs: 50, signal: context.signal };
 * for await (const batch of batches(requests, limits)) await store.insert(batch);
 * ```
 */
export function batches<T>(
  source: AsyncIterable<T>,
  options: BatchOptions<T>,
): AsyncGenerator<T[], void, undefined> {
  return gather(source, checkedLimits(options), options.signal);
}

async function* gather<T>(
  source: AsyncIterable<T>,
  limits: BatchLimits<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T[], void, undefined> {
  signal?.throwIfAborted();
  const gathering = new Gathering(source[Symbol.asyncIterator](), limits, signal);
  try {
    for (;;) {
      const batch = await gathering.take();
      if (batch === undefined) return;
      yield batch;
    }
  } finally {
    await gathering.stop();
  }
}
