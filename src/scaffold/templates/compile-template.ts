import handlebars from "handlebars";
import { helperNames } from "./helpers.ts";
import type { Template } from "./template-compiler.ts";

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
