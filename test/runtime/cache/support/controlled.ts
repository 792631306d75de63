import { type Cache, type CacheOptions, createCache } from "../../../../runtime/src/cache/index.ts";

export function cacheOf(options: Partial<CacheOptions<string>> = {}): Cache<string> {
  return createCache<string>({ name: "texts", ttlMs: 1000, ...options });
}

/** A load that counts itself and ends when it is told to. */
export function controlled() {
  const loads: {
    readonly signal: AbortSignal;
    resolve(value: string | undefined): void;
    reject(error: Error): void;
  }[] = [];
  const load = (signal: AbortSignal) =>
    new Promise<string | undefined>((resolve, reject) => {
      loads.push({ signal, resolve, reject });
    });
  return { load, loads };
}

/** Lets what is under way go on. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
