import type { Interceptor } from "./interceptor.ts";

/** Interceptors made one: runs `core` inside all of them. */
export type Onion<C> = (call: C, core: () => Promise<void>) => Promise<void>;

/**
 * Composes interceptors, outermost first. Done once per method, not per call.
 *
 * The onion keeps its promises whatever an interceptor does: it settles after `core` has, a failure
 * of an inner layer stays a failure, and nothing is left to become an unhandled rejection.
 */
export function compose<C>(interceptors: readonly Interceptor<C>[]): Onion<C> {
  let onion: Onion<C> = (_call, core) => core();
  for (const interceptor of [...interceptors].reverse()) onion = wrap(interceptor, onion);
  return onion;
}

function wrap<C>(interceptor: Interceptor<C>, inner: Onion<C>): Onion<C> {
  return async (call, core) => {
    let running: Promise<void> | undefined;
    let passed = false;
    let misuse: Promise<void> | undefined;
    await interceptor(call, () => {
      if (running === undefined) {
        running = inner(call, core);
        // Also sees to it that a failure which the interceptor leaves alone is not unhandled.
        running.then(() => {
          passed = true;
        }, ignore);
        return running;
      }
      misuse = Promise.reject(new Error(`${nameOf(interceptor)} called next() twice`));
      misuse.catch(ignore);
      return misuse;
    });
    // Mostly nothing is left to wait for, and each `await` would cost a turn.
    if (passed && misuse === undefined) return;
    if (running === undefined) {
      throw new Error(`${nameOf(interceptor)} returned without calling next() or throwing`);
    }
    // Also when the interceptor did not: it may have forgotten to, or swallowed a failure.
    await running;
    await misuse;
  };
}

function nameOf(interceptor: { readonly name: string }): string {
  return `interceptor ${interceptor.name === "" ? "(anonymous)" : interceptor.name}`;
}

function ignore(): void {}
