import handlebars from "handlebars";
import { helperNames } from "./helpers.ts";
import type { Template } from "./template-compiler.ts";

/** Nothing is escaped, and a value or helper that does not exist is an error. */
const options = {
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(helperNames.map((name) => [name, true])),
  preventIndent: true,
};

/** Compiles a template in a checkout: the published package has all of them precompiled. */
export function compileTemplate(text: string): Template {
  return handlebars.compile(text, options);
}

/** JavaScript source of the specification that `handlebars/runtime` renders. */
export function precompileTemplate(text: string): string {
  return String(handlebars.precompile(text, options));
}
