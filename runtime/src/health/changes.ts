/** Lets many wait for the next change of what they named. Who no longer waits leaves nothing behind. */
export class Changes {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves at the next `tell` of this name, or when the signal aborts. */
  async next(name: string, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#leave(name, wake);
        resolve();
      };
      const sameName = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, sameName.add(wake));
      signal.addEventListener("abort", wake);
    });
  }

  /** @param names everything, by default */
  tell(names: Iterable<string> = [...this.#waiting.keys()]): void {
    for (const name of names) {
      for (const wake of [...(this.#waiting.get(name) ?? [])]) wake();
    }
  }

  #leave(name: string, wake: () => void): void {
    const sameName = this.#waiting.get(name);
    sameName?.delete(wake);
    if (sameName?.size === 0) this.#waiting.delete(name);
  }
}
