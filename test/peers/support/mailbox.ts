/** Values in the order they come, for whoever waits for them. */
export class Mailbox<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T) => void)[] = [];

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#values.push(value);
    else taker(value);
  }

  take(): Promise<T> {
    return new Promise((resolve) => {
      const [value] = this.#values.splice(0, 1);
      if (value === undefined) this.#takers.push(resolve);
      else resolve(value);
    });
  }
}
