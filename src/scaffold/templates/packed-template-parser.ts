import type { Template } from "./template-engine.ts";

/** What template-parser.ts makes of a template, from the pack of the published package. */
export function parseTemplate(text: string): Template {
  return JSON.parse(text);
}
