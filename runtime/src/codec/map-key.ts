import { leave } from "./slow-path.ts";

// Keys of maps are texts in JavaScript. One that is not written as its type is left to protobuf-es.

/** The key of a map whose keys are numbers. */
export function numberKey(key: string): number {
  const value = Number(key);
  return String(value) === key ? value : leave();
}

/** The key of a map whose keys have 64 bits. */
export function bigintKey(key: string): bigint {
  const value = BigInt(key);
  return String(value) === key ? value : leave();
}

/** The key of a map whose keys are booleans. */
export function boolKey(key: string): boolean {
  return key === "true" || (key === "false" ? false : leave());
}

/** The key of a received entry. `__proto__` would set the prototype of the map. */
export function ownKey(key: string): string {
  return key === "__proto__" ? leave() : key;
}

/** A key, or a field with `jstype = JS_STRING`, as it is kept in JavaScript. */
export function asText(value: boolean | bigint): string {
  return String(value);
}
