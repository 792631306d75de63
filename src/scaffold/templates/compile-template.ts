import handlebars from "handlebars";
import { type Helpers, helperNames } from "./helpers.ts";

/** Renders a template. @throws Error for a missing value */
export type Template = (context: object, options: { helpers: Helpers }) => string;

/** Values are not escaped. Missing values and helpers are errors. */
const options = {
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(helperNames.map((name) => [name, true])),
  preventIndent: true,
};

/** Compiles a template in a checkout. The published package has precompiled templates. */
export function compileTemplate(text: string): Template {
  return handlebars.compile(text, options);
}

/** JavaScript source of a template for `handlebars/runtime`. */
export function precompileTemplate(text: string): string {
  return String(handlebars.precompile(text, options));
}
