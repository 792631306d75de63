import type { Versions } from "./versions.ts";

/** Functions for templates, in addition to `if`, `unless` and `each` of Handlebars. */
export const helperNames = ["version", "exact-version", "json", "eq", "or"] as const;

export type Helpers = Readonly<
  Record<(typeof helperNames)[number], (...values: unknown[]) => unknown>
>;

export function templateHelpers(versions: Versions): Helpers {
  return {
    version: strict((name) => versions.compatible(String(name))),
    "exact-version": strict((name) => versions.exact(String(name))),
    json: strict((value) => JSON.stringify(value)),
    eq: strict((a, b) => a === b),
    or: strict((...values) => values.some(isSet)),
  };
}

/** As `if` of Handlebars: an empty list is not. */
function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Refuses undefined arguments, which Handlebars does not check. Its options are the last argument. */
function strict(helper: (...values: unknown[]) => unknown) {
  return (...args: unknown[]): unknown => {
    const values = args.slice(0, -1);
    if (values.includes(undefined)) throw new Error("an argument of a helper is not defined");
    return helper(...values);
  };
}
