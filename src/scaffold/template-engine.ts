import handlebars from "handlebars";

/**
 * Nothing is escaped, a missing value or helper throws: a template that is wrong fails here, not in
 * the user's project.
 */
export const templateOptions = {
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  preventIndent: true,
  knownHelpers: { version: true, "exact-version": true, json: true, eq: true },
};

/** Functions that templates may call, by name. */
export type Helpers = Record<string, (...values: never[]) => unknown>;

/** Makes a text of values and helpers. */
export type Render = (context: unknown, options: { helpers: Helpers }) => string;

/**
 * Compiles a template. The bundle has another module in this place, with all templates compiled and
 * no compiler: see scripts/build/precompiled-templates.ts.
 *
 * @param _source path of the template below templates/, with `/`
 */
export function compileTemplate(_source: string, text: string): Render {
  return handlebars.compile(text, templateOptions);
}
