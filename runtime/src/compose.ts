import type { Before, Interceptor } from "./interceptor.ts";
import { Layers } from "./layers.ts";
import type { MethodInfo } from "./method.ts";

/** Several interceptors as one: runs `core` inside all of them. */
export type Onion<C> = (call: C, core: () => Promise<void>) => Promise<void>;

/**
 * Composes interceptors, outermost first. Called once per method, not per call.
 *
 * Whatever an interceptor does, the result settles after `core` has settled, a failure of an inner
 * layer remains a failure, and there are no unhandled rejections.
 *
 * @param failureOf maps the error of an interceptor to the error that the layers outside of it see
 */
export function compose<C>(
  interceptors: readonly Interceptor<C>[],
  failureOf: FailureOf = (error) => error,
): Onion<C> {
  const steps = stepsOf(interceptors, failureOf);
  const [step, another] = steps;
  if (step instanceof Layers && another === undefined) return (call, core) => step.run(call, core);
  return (call, core) => new Run(steps, failureOf, call, core).enter(0);
}

/** An interceptor, or neighbours that are layers. */
type Step<C> = Interceptor<C> | Layers<C>;

function stepsOf<C>(interceptors: readonly Interceptor<C>[], failureOf: FailureOf): Step<C>[] {
  const steps: Step<C>[] = [];
  let befores: Before<C>[] = [];
  for (const interceptor of interceptors) {
    if (interceptor.before === undefined) {
      befores = [];
      steps.push(interceptor);
    } else {
      // The list grows after the step was made of it.
      if (befores.length === 0) steps.push(new Layers(befores, failureOf));
      befores.push(interceptor.before);
    }
  }
  return steps;
}

/**
 * Prepares the interceptors of one method, and makes them one; undefined without interceptors.
 *
 * @param interceptors a list for all methods, or a function called once per method
 */
export function onionOf<C>(
  interceptors: readonly Interceptor<C>[] | ((method: MethodInfo) => readonly Interceptor<C>[]),
  method: MethodInfo,
  failureOf?: FailureOf,
): Onion<C> | undefined {
  const own = typeof interceptors === "function" ? interceptors(method) : interceptors;
  for (const { prepare } of own) prepare?.(method);
  return own.length === 0 ? undefined : compose(own, failureOf);
}

type FailureOf = (error: unknown) => unknown;

/**
 * One call through the layers. To keep calls cheap, it adds one promise to that of an interceptor,
 * and none if the interceptor returns the promise of `next()`.
 */
class Run<C> {
  readonly #steps: readonly Step<C>[];
  readonly #failureOf: FailureOf;
  readonly #call: C;
  readonly #core: () => Promise<void>;
  /** The promise of the outermost layer that has succeeded so far. */
  #passed: Promise<void> | undefined;

  constructor(steps: readonly Step<C>[], failureOf: FailureOf, call: C, core: () => Promise<void>) {
    this.#steps = steps;
    this.#failureOf = failureOf;
    this.#call = call;
    this.#core = core;
  }

  /** Enters the step at `index`; behind the last one, the core. */
  enter(index: number): Promise<void> {
    const step = this.#steps[index];
    if (step === undefined) return this.#enterCore();
    return step instanceof Layers ? this.#enterLayers(step, index) : this.#enterOne(step, index);
  }

  #enterLayers(layers: Layers<C>, index: number): Promise<void> {
    const result = layers.run(
      this.#call,
      () => this.enter(index + 1),
      (hasFailed) => {
        // The interceptor outside may await it later, or not at all.
        if (hasFailed) handled(result);
        else this.#passed = result;
      },
    );
    return result;
  }

  #enterOne(interceptor: Interceptor<C>, index: number): Promise<void> {
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
        // The usual case: there is nothing left to await.
        if (inner !== undefined && inner === this.#passed && misuse === undefined) {
          this.#passed = layer;
          return undefined;
        }
        handled(layer);
        if (inner === undefined) {
          throw new Error(`${nameOf(interceptor)} returned without calling next() or throwing`);
        }
        // In case the interceptor did not await it, or swallowed its failure.
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

/** The promise of an interceptor, which may also throw, or return another kind of promise. */
function start<C>(interceptor: Interceptor<C>, call: C, next: () => Promise<void>): Promise<void> {
  try {
    return Promise.resolve(interceptor(call, next));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Prevents an unhandled rejection if an interceptor ignores `promise`. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(ignore);
  return promise;
}

function nameOf(interceptor: { readonly name: string }): string {
  return `interceptor ${interceptor.name === "" ? "(anonymous)" : interceptor.name}`;
}

function ignore(): void {}
