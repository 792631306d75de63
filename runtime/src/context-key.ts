/** Names a typed value that interceptors and handlers of one call share. */
export interface ContextKey<T> {
  /** For people who debug; two keys of the same name are still two keys. */
  readonly name: string;
  readonly defaultValue: T;
}

/**
 * Makes a key for a value that interceptors set and handlers read.
 *
 * @param name for people who debug
 * @param defaultValue what `get` answers while nobody has set the value
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
    // Only `set` writes, and it pairs a key with a value of the key's type.
    return this.#values.get(key) as T;
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values ??= new Map();
    this.#values.set(key, value);
  }
}
