import type { NewRecord } from "./record-store.ts";

/** A batch that is being stored. */
interface Running {
  readonly ids: ReadonlySet<string>;
  readonly work: Promise<unknown>;
}

/**
 * Batches of one call that are stored at the same time, except those that share an id: the first record of an
 * id wins, so the later batch waits for the earlier one.
 */
export class IdTurns {
  readonly #running = new Set<Running>();

  /** Runs `work` after the earlier batches with one of these ids. @throws the error of one of them, or its own */
  async run<T>(records: readonly NewRecord[], work: () => Promise<T>): Promise<T> {
    const earlier = [...this.#running].filter(({ ids }) => records.some(({ id }) => ids.has(id)));
    const result =
      earlier.length === 0 ? work() : Promise.all(earlier.map((batch) => batch.work)).then(work);
    const running = { ids: new Set(records.map(({ id }) => id)), work: result };
    this.#running.add(running);
    try {
      return await result;
    } finally {
      this.#running.delete(running);
    }
  }
}
