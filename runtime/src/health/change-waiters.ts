/** Waiters for the next change of a name; aborted ones are removed. */
export class ChangeWaiters {
  readonly #waiters = new Map<string, Set<() => void>>();

  /** Resolves at the next `wake` of this name, or when the signal aborts. */
  async next(name: string, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#remove(name, wake);
        resolve();
      };
      const sameName = this.#waiters.get(name) ?? new Set();
      this.#waiters.set(name, sameName.add(wake));
      signal.addEventListener("abort", wake);
    });
  }

  /** @param names default: all */
  wake(names: Iterable<string> = [...this.#waiters.keys()]): void {
    for (const name of names) {
      for (const wake of [...(this.#waiters.get(name) ?? [])]) wake();
    }
  }

  #remove(name: string, wake: () => void): void {
    const sameName = this.#waiters.get(name);
    sameName?.delete(wake);
    if (sameName?.size === 0) this.#waiters.delete(name);
  }
}
