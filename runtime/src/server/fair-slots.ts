/**
 * Lets a few run at a time. Connections take turns, so that what one has too much of waits for itself
 * rather than for others.
 */
export class FairSlots {
  #free: number;
  /** The connection that is next comes first. */
  readonly #waiting = new Map<object, (() => void)[]>();

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Takes a slot, to be given back by `leave`. If this returns a promise, await it first.
   *
   * @param connection a key
   */
  enter(connection: object): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free -= 1;
      return undefined;
    }
    return new Promise((resolve) => {
      const own = this.#waiting.get(connection);
      if (own === undefined) this.#waiting.set(connection, [resolve]);
      else own.push(resolve);
    });
  }

  leave(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#free += 1;
      return;
    }
    const [connection, own] = first;
    const next = own.shift();
    this.#waiting.delete(connection);
    if (own.length > 0) this.#waiting.set(connection, own);
    next?.();
  }
}
