import { withoutBom } from "./terminal/without-bom.ts";

/** Parses JSON from a file of the user, with or without a byte order mark. Undefined if it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(withoutBom(text));
  } catch {
    return undefined;
  }
}

/** An own property of a value of any type. */
export function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** The texts in a list from a file of the user. Empty for any other value. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
