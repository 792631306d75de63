/** One piece of work at a time per folder, in the order of the calls. */
export class FolderTurns {
  readonly #last = new Map<string, Promise<void>>();

  async run<T>(folder: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(folder) ?? Promise.resolve()).then(work);
    // The next one does not care whether this one failed.
    const settled = result.then(
      () => {},
      () => {},
    );
    this.#last.set(folder, settled);
    try {
      return await result;
    } finally {
      if (this.#last.get(folder) === settled) this.#last.delete(folder);
    }
  }
}
