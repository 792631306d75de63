import { inThisContext } from "./async-context.ts";

/** Whether a pump has to stop. */
export interface StopState {
  readonly stopped: boolean;
  /** Sets the function to call when `stopped` becomes true; there is one at a time. */
  setStopListener(listener: (() => void) | undefined): void;
}

/**
 * Sends everything that `source` yields, and awaits each `send` that returns a promise. Stops when
 * `state` says so. The source is closed (`return()`) unless it has ended by itself.
 *
 * @param onLateError called with what the source throws while it is being closed
 * @returns whether the source ended by itself
 */
export async function pump<T>(
  source: Iterable<T> | AsyncIterable<T>,
  send: (value: T) => Promise<void> | undefined,
  state: StopState,
  onLateError: (error: unknown) => void,
): Promise<boolean> {
  const iterator = iterate(source);
  let closing: Promise<void> | undefined;
  // A generator's `finally` belongs to the call, whoever has ended it.
  const close = inThisContext((): Promise<void> => {
    closing ??= closeIterator(iterator, onLateError);
    return closing;
  });
  // At once, without awaiting the pending `next()`: iterators other than generators end it by that.
  state.setStopListener(close);
  let stepping = false;
  try {
    while (!state.stopped) {
      stepping = true;
      const step = iterator.next();
      const result = "then" in step ? await step : step;
      stepping = false;
      if (result.done === true) return true;
      if (state.stopped) break;
      const sent = send(result.value);
      if (sent !== undefined) await sent;
    }
    await close();
    return false;
  } catch (error) {
    // A source that threw has ended. If sending a value failed, the source is still open.
    if (!stepping) await close();
    throw error;
  } finally {
    state.setStopListener(undefined);
  }
}

function iterate<T>(source: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}

async function closeIterator(
  iterator: Iterator<unknown> | AsyncIterator<unknown>,
  onLateError: (error: unknown) => void,
): Promise<void> {
  try {
    await iterator.return?.();
  } catch (error) {
    onLateError(error);
  }
}
