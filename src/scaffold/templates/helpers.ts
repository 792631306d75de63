import type { Versions } from "./versions.ts";

/** Functions for templates, in addition to `if`, `unless` and `each` of Handlebars. */
export const helperNames = ["version", "exact-version", "json", "eq"] as const;

export type Helpers = Readonly<
  Record<(typeof helperNames)[number], (...values: unknown[]) => unknown>
>;

export function templateHelpers(versions: Versions): Helpers {
  return {
    version: strict((name) => versions.compatible(String(name))),
    "exact-version": strict((name) => versions.exact(String(name))),
    json: strict((value) => JSON.stringify(value)),
    eq: strict((a, b) => a === b),
  };
}

/** Refuses undefined arguments, which Handlebars does not check. Its options are the last argument. */
function strict(helper: (...values: unknown[]) => unknown) {
  return (...args: unknown[]): unknown => {
    const values = args.slice(0, -1);
    if (values.includes(undefined)) throw new Error("an argument of a helper is not defined");
    return helper(...values);
  };
}
