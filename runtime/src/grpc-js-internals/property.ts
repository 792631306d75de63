/** A property of what may be anything; undefined for a value that has no properties. */
export function property(value: unknown, key: unknown): unknown {
  const isKey = typeof key === "string" || typeof key === "number";
  return isObject(value) && isKey ? Reflect.get(value, key) : undefined;
}

/** Whether a value can have properties; functions are not asked for. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
