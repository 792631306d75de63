/** Key of a typed value that the interceptors and the handler of a call share. */
export interface ContextKey<T> {
  /** For debugging. Two keys with the same name are different keys. */
  readonly name: string;
  readonly defaultValue: T;
}

/**
 * Makes a key for a value that interceptors set and handlers read.
 *
 * @param name for debugging
 * @param defaultValue what `get` returns until the value is set
 *
 * @example
 * ```ts
 * export const currentUser = createContextKey<User | undefined>("current user", undefined);
 * // in an interceptor: call.set(currentUser, user); in a handler: context.get(currentUser)
 * ```
 */
export function createContextKey<T>(name: string, defaultValue: T): ContextKey<T> {
  return { name, defaultValue };
}

/** The values of one call. */
export class ContextValues {
  #values: Map<ContextKey<unknown>, unknown> | undefined;

  get<T>(key: ContextKey<T>): T {
    if (this.#values?.has(key) !== true) return key.defaultValue;
    // Only `set` writes, and only values of the key's type.
    return this.#values.get(key) as T;
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values ??= new Map();
    this.#values.set(key, value);
  }
}
