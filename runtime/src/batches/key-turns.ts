/** Work that has begun, or waits. */
interface Running {
  readonly keys: ReadonlySet<string>;
  readonly work: Promise<unknown>;
}

/**
 * Runs work at the same time, except work that shares a key, which runs in the order of the calls: so the
 * first record of an id is stored although several batches of a call are on their way.
 *
 * @example
 * ```ts
 * const turns = new KeyTurns();
 * await turns.run(records.map(({ id }) => id), () => store.insert(records));
 * ```
 */
export class KeyTurns {
  readonly #running = new Set<Running>();

  /**
   * Runs `work` after the earlier work with one of these keys. In memory are the keys of what has not ended.
   *
   * @throws the error of that earlier work, and then `work` does not run, or its own
   */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const earlier = [...this.#running].filter((other) => keys.some((key) => other.keys.has(key)));
    const result =
      earlier.length === 0 ? work() : Promise.all(earlier.map((other) => other.work)).then(work);
    const running = { keys: new Set(keys), work: result };
    this.#running.add(running);
    try {
      return await result;
    } finally {
      this.#running.delete(running);
    }
  }
}
