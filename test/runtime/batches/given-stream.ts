/** A stream whose items are given by hand, and that says how it is used. */
export function stream<T>() {
  const held: T[] = [];
  const seen = { asked: 0, closed: 0 };
  let wake = (): void => {};
  let end: { readonly error?: unknown } | undefined;
  async function next(): Promise<IteratorResult<T>> {
    seen.asked += 1;
    while (held.length === 0 && end === undefined && seen.closed === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const [value] = held.splice(0, 1);
    if (value !== undefined) return { done: false, value };
    if (end !== undefined && "error" in end) throw end.error;
    return { done: true, value: undefined };
  }
  const iterator = {
    next,
    async return(): Promise<IteratorResult<T>> {
      seen.closed += 1;
      wake();
      return { done: true, value: undefined };
    },
  };
  return {
    seen,
    source: { [Symbol.asyncIterator]: () => iterator },
    give(...items: T[]) {
      held.push(...items);
      wake();
    },
    end(how: { readonly error?: unknown } = {}) {
      end = how;
      wake();
    },
  };
}

/** The first whole numbers. */
export async function* numbers(count: number) {
  for (let number = 0; number < count; number += 1) yield number;
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Lets everything run that waits for nothing but promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise has settled when all others have. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  promise.then(
    () => {
      pending = false;
    },
    () => {
      pending = false;
    },
  );
  await settle();
  return pending;
}
