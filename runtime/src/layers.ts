import type { After, Before } from "./interceptor.ts";

type OnLeft = (hasFailed: boolean) => void;

/** Several layers, outermost first, with nothing between them. */
export class Layers<C> {
  readonly #befores: readonly Before<C>[];
  readonly #failureOf: (error: unknown) => unknown;

  /** @param failureOf maps the error of a layer to the error that the layers outside of it see */
  constructor(befores: readonly Before<C>[], failureOf: (error: unknown) => unknown) {
    this.#befores = befores;
    this.#failureOf = failureOf;
  }

  /**
   * @param onLeft called when all layers were left, before the result settles
   * @returns the promise of `next` itself, if nothing is to be done after it
   */
  run(call: C, next: () => Promise<void>, onLeft?: OnLeft): Promise<void> {
    return new Passage(this.#befores, this.#failureOf, call, next, onLeft).run();
  }
}

/** One call through some layers. */
class Passage<C> {
  readonly #befores: readonly Before<C>[];
  readonly #failureOf: (error: unknown) => unknown;
  readonly #call: C;
  readonly #next: () => Promise<void>;
  readonly #onLeft: OnLeft | undefined;
  #afters: After[] | undefined;
  #inner: Promise<void> | undefined;

  constructor(
    befores: readonly Before<C>[],
    failureOf: (error: unknown) => unknown,
    call: C,
    next: () => Promise<void>,
    onLeft: OnLeft | undefined,
  ) {
    this.#befores = befores;
    this.#failureOf = failureOf;
    this.#call = call;
    this.#next = next;
    this.#onLeft = onLeft;
  }

  run(): Promise<void> {
    let entered: Promise<void>;
    try {
      entered = this.#enter(0);
    } catch (error) {
      entered = Promise.reject(error);
    }
    if (entered === this.#inner && this.#afters === undefined) return entered;
    return entered.then(
      () => this.#leave(undefined),
      (error: unknown) => this.#leave(this.#failure(error)),
    );
  }

  /** Enters the layers from `first` on. */
  #enter(first: number): Promise<void> {
    for (let index = first; ; index += 1) {
      const before = this.#befores[index];
      if (before === undefined) {
        this.#inner = this.#next();
        return this.#inner;
      }
      const after: unknown = before(this.#call);
      if (isThenable(after)) {
        return Promise.resolve(after).then((later) => {
          this.#add(later, before);
          return this.#enter(index + 1);
        });
      }
      this.#add(after, before);
    }
  }

  #add(after: unknown, { name }: Before<C>): void {
    if (after === undefined || after === null) return;
    if (!isAfter(after)) {
      const what = typeof after === "object" ? "an object" : `a ${typeof after}`;
      throw new TypeError(`layer ${name || "(anonymous)"} answered ${what}, not a function`);
    }
    if (this.#afters === undefined) this.#afters = [after];
    else this.#afters.push(after);
  }

  /**
   * Leaves the layers that were entered, innermost first.
   *
   * @returns a promise if one of them is left asynchronously
   */
  #leave(failure: unknown): undefined | Promise<void> {
    let error = failure;
    for (let after = this.#afters?.pop(); after !== undefined; after = this.#afters?.pop()) {
      try {
        const leaving: unknown = after(error);
        if (isThenable(leaving)) return this.#leaveLater(leaving, error);
      } catch (replacement) {
        error = this.#failure(replacement);
      }
    }
    this.#onLeft?.(error !== undefined);
    if (error !== undefined) throw error;
    return undefined;
  }

  async #leaveLater(leaving: PromiseLike<unknown>, failure: unknown): Promise<void> {
    let error = failure;
    try {
      await leaving;
    } catch (replacement) {
      error = this.#failure(replacement);
    }
    await this.#leave(error);
  }

  #failure(thrown: unknown): unknown {
    return this.#failureOf(thrown) ?? new Error("something threw undefined");
  }
}

/** By its type, what a layer answers is called with an error and nothing else. */
function isAfter(value: unknown): value is After {
  return typeof value === "function";
}

/** A promise, of whatever library. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}
