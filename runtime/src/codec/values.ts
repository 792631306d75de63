import { leave } from "./slow-path.ts";

/** The zero of 64 bits, without a literal that old targets of TypeScript refuse. */
export const zero: bigint = BigInt(0);

/** Bytes that are not set. */
export const noBytes: Uint8Array = new Uint8Array(0);

/** Whether a field with presence is set: its default is on the prototype. */
export function has(message: object, name: string): boolean {
  return Object.hasOwn(message, name);
}

/** Whether a float is set: -0 is, as the specification says. */
export function isSetFloat(value: number): boolean {
  return !Object.is(value, 0);
}

/** Whether an integer of 64 bits that is a text is set. */
export function isNotZero(value: string): boolean {
  return Number(value) !== 0;
}

/** An integer of 64 bits that is a text in JavaScript. */
export function parsed(value: string): bigint {
  return typeof value === "string" && value !== "" ? BigInt(value) : leave();
}

/** The keys of a map. */
export function keys(map: object | null | undefined): string[] {
  return map == null ? [] : Object.keys(map);
}

/** The value of a key that a map has. */
export function valueAt<Value>(
  map: { readonly [key: string]: Value } | null | undefined,
  key: string,
): Value {
  return map == null ? leave() : (map[key] as Value);
}

/** Sets an entry of a map with enums. */
export function setEnum<E extends number>(
  map: { [key: string | number]: E },
  key: string | number,
  value: number,
): void {
  map[key] = value as E;
}
