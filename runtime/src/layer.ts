import type { After, Before, Interceptor } from "./interceptor.ts";

/**
 * Makes an interceptor of what happens before the inner layers and after them. Unlike one that awaits
 * `next()`, it costs a call no promise, unless `before` returns one. A layer cannot run the inner ones in
 * a context of its own, or end the call while they run.
 *
 * @example
 * ```ts
 * const timing = layer<ServerCall>((call) => {
 *   const start = performance.now();
 *   return () => console.log(call.method.path, performance.now() - start);
 * });
 * ```
 */
export function layer<C>(before: Before<C>): Interceptor<C> {
  const alone = new Layers<C>([before], (error) => error);
  const interceptor = (call: C, next: () => Promise<void>) => alone.run(call, next);
  return Object.assign(Object.defineProperty(interceptor, "name", { value: before.name }), {
    before,
  });
}

/** Several layers, outermost first, with nothing between them. */
export class Layers<C> {
  readonly #befores: readonly Before<C>[];
  readonly #failureOf: (error: unknown) => unknown;

  /** @param failureOf maps the error of a layer to the error that the layers outside of it see */
  constructor(befores: readonly Before<C>[], failureOf: (error: unknown) => unknown) {
    this.#befores = befores;
    this.#failureOf = failureOf;
  }

  /** @returns the promise of `next` itself, if nothing is to be done after it */
  run(call: C, next: () => Promise<void>, onPassed?: () => void): Promise<void> {
    return new Passage(this.#befores, this.#failureOf, call, next, onPassed).run();
  }
}

/** One call through some layers. */
class Passage<C> {
  readonly #befores: readonly Before<C>[];
  readonly #failureOf: (error: unknown) => unknown;
  readonly #call: C;
  readonly #next: () => Promise<void>;
  readonly #onPassed: (() => void) | undefined;
  #afters: After[] | undefined;
  #inner: Promise<void> | undefined;

  constructor(
    befores: readonly Before<C>[],
    failureOf: (error: unknown) => unknown,
    call: C,
    next: () => Promise<void>,
    onPassed: (() => void) | undefined,
  ) {
    this.#befores = befores;
    this.#failureOf = failureOf;
    this.#call = call;
    this.#next = next;
    this.#onPassed = onPassed;
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
      () => this.#leave(undefined, false),
      (error: unknown) => this.#leave(error, true),
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
      const after = before(this.#call);
      if (after === undefined) continue;
      if (typeof after === "function") {
        this.#add(after);
        continue;
      }
      // A promise, of whatever library.
      return Promise.resolve(after).then((later) => {
        if (later !== undefined) this.#add(later);
        return this.#enter(index + 1);
      });
    }
  }

  #add(after: After): void {
    if (this.#afters === undefined) this.#afters = [after];
    else this.#afters.push(after);
  }

  /** Leaves the layers that were entered, innermost first. */
  #leave(thrown: unknown, hasFailed: boolean): void {
    let error = hasFailed ? this.#failure(thrown) : undefined;
    const afters = this.#afters ?? [];
    for (let index = afters.length - 1; index >= 0; index -= 1) {
      try {
        afters[index]?.(error);
      } catch (replacement) {
        error = this.#failure(replacement);
      }
    }
    if (error !== undefined) throw error;
    this.#onPassed?.();
  }

  #failure(thrown: unknown): unknown {
    return this.#failureOf(thrown) ?? new Error("something threw undefined");
  }
}
