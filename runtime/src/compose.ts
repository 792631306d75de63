import type { Interceptor } from "./interceptor.ts";

/** Interceptors made one: runs `core` inside all of them. */
export type Onion<C> = (call: C, core: () => Promise<void>) => Promise<void>;

/**
 * Composes interceptors, outermost first. Done once per method, not per call.
 *
 * The onion keeps its promises whatever an interceptor does: it settles after `core` has, a failure
 * of an inner layer stays a failure, and nothing is left to become an unhandled rejection.
 *
 * @param failureOf what the layers outside of an interceptor see when it fails with `error`
 */
export function compose<C>(
  interceptors: readonly Interceptor<C>[],
  failureOf: FailureOf = (error) => error,
): Onion<C> {
  return (call, core) => new Run(interceptors, failureOf, call, core).enter(0);
}

type FailureOf = (error: unknown) => unknown;

/**
 * One call on its way through the layers. Made for every call: it adds one promise to that of an
 * interceptor, and none to one that hands on what `next()` has returned.
 */
class Run<C> {
  readonly #interceptors: readonly Interceptor<C>[];
  readonly #failureOf: FailureOf;
  readonly #call: C;
  readonly #core: () => Promise<void>;
  /** The promise of the outermost layer that has ended well. */
  #passed: Promise<void> | undefined;

  constructor(
    interceptors: readonly Interceptor<C>[],
    failureOf: FailureOf,
    call: C,
    core: () => Promise<void>,
  ) {
    this.#interceptors = interceptors;
    this.#failureOf = failureOf;
    this.#call = call;
    this.#core = core;
  }

  /** Enters the layer at `index`, the core behind the last one. */
  enter(index: number): Promise<void> {
    const interceptor = this.#interceptors[index];
    if (interceptor === undefined) return this.#enterCore();
    let inner: Promise<void> | undefined;
    let misuse: Promise<void> | undefined;
    const result = start(interceptor, this.#call, () => {
      if (inner === undefined) {
        inner = this.enter(index + 1);
        return inner;
      }
      misuse = handled(Promise.reject(new Error(`${nameOf(interceptor)} called next() twice`)));
      return misuse;
    });
    if (result === inner) return result;
    const layer = result.then(
      () => {
        // Mostly nothing is left to wait for.
        if (inner !== undefined && inner === this.#passed && misuse === undefined) {
          this.#passed = layer;
          return undefined;
        }
        handled(layer);
        if (inner === undefined) {
          throw new Error(`${nameOf(interceptor)} returned without calling next() or throwing`);
        }
        // Also when the interceptor did not wait: it may have forgotten to, or swallowed a failure.
        return inner.then(() => misuse);
      },
      (error: unknown) => {
        handled(layer);
        throw this.#failureOf(error);
      },
    );
    return layer;
  }

  #enterCore(): Promise<void> {
    const core = this.#core();
    core.then(() => {
      this.#passed = core;
    }, ignore);
    return core;
  }
}

/** What an interceptor promises; it may be no `async` function, throw, or have promises of its own. */
function start<C>(interceptor: Interceptor<C>, call: C, next: () => Promise<void>): Promise<void> {
  try {
    return Promise.resolve(interceptor(call, next));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Sees to it that a failure which an interceptor leaves alone is not unhandled. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(ignore);
  return promise;
}

function nameOf(interceptor: { readonly name: string }): string {
  return `interceptor ${interceptor.name === "" ? "(anonymous)" : interceptor.name}`;
}

function ignore(): void {}
