/** When a batch is complete. */
export interface BatchOptions<T> {
  /** Most items of a batch. */
  readonly maxItems: number;
  /** Most bytes of a batch. An item that is larger is a batch of its own. Default: no limit. */
  readonly maxBytes?: number | undefined;
  /** Bytes of an item; an estimate is enough. To be given together with `maxBytes`. */
  readonly sizeOf?: ((item: T) => number) | undefined;
  /**
   * Longest time that an item waits for others, in milliseconds. 0: it does not, so that a batch has what
   * arrived while the consumer worked on the one before. Default: until the batch is full.
   */
  readonly maxWaitMs?: number | undefined;
  /** Ends the iteration: it throws the reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What `batches` has checked. */
export interface BatchLimits<T> {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly sizeOf: (item: T) => number;
  /** Undefined: no limit. */
  readonly maxWaitMs: number | undefined;
}

/** Longest time of a timer, in milliseconds. */
const longestWaitMs = 2 ** 31 - 1;

/** @throws RangeError that names the option */
export function checkedLimits<T>(options: BatchOptions<T>): BatchLimits<T> {
  const { maxItems, maxBytes = Infinity, sizeOf = noSize, maxWaitMs } = options;
  if (!Number.isInteger(maxItems) || maxItems < 1) {
    throw new RangeError(`maxItems must be a whole number from 1 on, not ${maxItems}`);
  }
  if (!(maxBytes >= 1)) throw new RangeError(`maxBytes must be at least 1, not ${maxBytes}`);
  if ((options.maxBytes === undefined) !== (options.sizeOf === undefined)) {
    throw new RangeError("maxBytes and sizeOf must be given together");
  }
  if (maxWaitMs !== undefined && !(maxWaitMs >= 0 && maxWaitMs <= longestWaitMs)) {
    throw new RangeError(`maxWaitMs must be from 0 to ${longestWaitMs}, not ${maxWaitMs}`);
  }
  return { maxItems, maxBytes, sizeOf, maxWaitMs };
}

function noSize(): number {
  return 0;
}
