import { GrpcError } from "../error.ts";
import { quietly } from "../quietly.ts";

/** The turn of a call with an upload. */
export interface Turn {
  /** Aborts when another call asks for the upload. A call that waits for its caller then ends. */
  readonly signal: AbortSignal;
  /** Lets the next call have the upload. */
  end(): void;
}

interface Holder {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/**
 * One call at a time per upload. The newest wins: after a lost connection, a caller comes back before the
 * server has noticed that the first call has nobody at its end.
 */
export class UploadTurns {
  readonly #holders = new Map<string, Holder>();

  /** Whether a call has the upload. */
  isTaken(id: string): boolean {
    return this.#holders.has(id);
  }

  async take(id: string): Promise<Turn> {
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      holder.controller.abort(new GrpcError("ABORTED", "another call continues this upload"));
      await holder.ended;
    }
    const controller = new AbortController();
    let resolve = (): void => {};
    const ended = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#holders.set(id, { controller, ended });
    return {
      signal: controller.signal,
      end: () => {
        this.#holders.delete(id);
        resolve();
      },
    };
  }
}

/** The items of `source`, until `signal` aborts: then the iteration fails with its reason at once. */
export async function* until<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const result = await nextUnlessAborted(iterator, signal);
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    // Not awaited: a generator that waits for its caller returns when the caller is gone.
    quietly(() => iterator.return?.());
  }
}

/** A promise per item, since one for all of them would keep them all. */
function nextUnlessAborted<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal,
): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    const settled = (): void => signal.removeEventListener("abort", onAbort);
    iterator.next().then(resolve, reject).finally(settled);
  });
}
