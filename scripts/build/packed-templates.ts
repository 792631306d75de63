import { join } from "node:path";
import type { Plugin } from "rolldown";

/** Modules that read and parse templates/, and those that get both from the packs. */
const packed = new Map([
  ["template-files.ts", "src/packed-template-files.ts"],
  ["template-parser.ts", "src/scaffold/templates/packed-template-parser.ts"],
]);

/** Lets the bundle have its templates from the packs: the published package has no templates/. */
export function packedTemplates(root: string): Plugin {
  return {
    name: "packed-templates",
    resolveId(id) {
      const path = packed.get(id.slice(id.lastIndexOf("/") + 1));
      return path === undefined ? undefined : join(root, path);
    },
  };
}
