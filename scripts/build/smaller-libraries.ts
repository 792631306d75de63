import { join } from "node:path";
import type { Plugin } from "rolldown";

/** Files of libraries, and what is bundled in their place: nothing of ours ever gets there. */
const unused: readonly { readonly file: RegExp; readonly code: string }[] = [
  // protoplugin loads TypeScript (32 MB) as it starts, to transpile for plugins that print nothing
  // but TypeScript. Ours prints JavaScript and declarations itself, and so does protoc-gen-es.
  {
    file: /protoplugin[\\/]dist[\\/](esm|cjs)[\\/]transpile\.js$/,
    code: "export function transpile() {}",
  },
  // Questions that we do not ask.
  {
    file: /prompts[\\/]lib[\\/]elements[\\/](autocomplete\w*|date|number|toggle)\.js$/,
    code: "module.exports = {};",
  },
];

/** Leaves out what libraries bring but we never run: it would be most of the bundle. */
export function smallerLibraries(root: string): Plugin {
  return {
    name: "smaller-libraries",
    // It carries a second copy of itself, for Node.js 8.
    resolveId: (id) =>
      id === "prompts" ? join(root, "node_modules/prompts/lib/index.js") : undefined,
    load: (id) => unused.find(({ file }) => file.test(id))?.code,
  };
}
