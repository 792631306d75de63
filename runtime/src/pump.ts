/** What `pump` must know of the call that it works for. */
interface PumpedCall {
  readonly over: boolean;
  onOver(listener: (() => void) | undefined): void;
}

/**
 * Sends everything that `source` yields, waiting wherever `send` answers with a promise. Stops when
 * the call is over. The source is closed (`return()`) whenever it has not ended by itself.
 *
 * @param onLateError told what the source throws while it is being closed
 * @returns whether the source ended by itself
 */
export async function pump<T>(
  source: Iterable<T> | AsyncIterable<T>,
  send: (value: T) => Promise<void> | undefined,
  call: PumpedCall,
  onLateError: (error: unknown) => void,
): Promise<boolean> {
  const iterator = iterate(source);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeIterator(iterator, onLateError);
    return closing;
  };
  // At once, not after the step that is pending: iterators that are no generators wake up by it.
  call.onOver(close);
  let stepping = false;
  try {
    while (!call.over) {
      stepping = true;
      const step = iterator.next();
      const result = "then" in step ? await step : step;
      stepping = false;
      if (result.done === true) return true;
      if (call.over) break;
      const sent = send(result.value);
      if (sent !== undefined) await sent;
    }
    await close();
    return false;
  } catch (error) {
    // A source that threw has ended; one whose value could not be sent has not.
    if (!stepping) await close();
    throw error;
  } finally {
    call.onOver(undefined);
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
