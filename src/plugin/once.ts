/** Where {@link once} keeps its values: a Map, or a WeakMap that does not keep the keys alive. */
interface Values<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** Calls `make` once per key and returns the same value from then on. */
export function once<Key, Value>(
  make: (key: Key) => Value,
  values: Values<Key, Value> = new Map<Key, Value>(),
): (key: Key) => Value {
  return (key) => {
    let value = values.get(key);
    if (value === undefined) {
      value = make(key);
      values.set(key, value);
    }
    return value;
  };
}
