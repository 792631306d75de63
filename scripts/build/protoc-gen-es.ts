import { join } from "node:path";
import type { Plugin } from "rolldown";

/** Files of protoc-gen-es, and the libraries of ours that they get. */
const files = /node_modules[\\/]@bufbuild[\\/]protoc-gen-es[\\/]dist[\\/]cjs[\\/]src[\\/].*\.js$/;
const libraries = /^@bufbuild\/(protobuf|protoplugin)(\/|$)/;
/** Where protoplugin takes comments from descriptors. */
const comments = /protoplugin[\\/]dist[\\/]esm[\\/]source-code-info\.js$/;

/**
 * protoc-gen-es 2.13, the last for Node 20, brings protobuf-es libraries of its own version. It
 * prints the same with ours, but for the line ends of comments (the drift tests of examples and
 * projects show it), so one copy will do.
 * Its files are CommonJS, for which a bundler keeps whole libraries: they are made modules here.
 */
export function protocGenEs(root: string): Plugin {
  const manifest = join(root, "package.json");
  return {
    name: "protoc-gen-es",
    resolveId(id, importer) {
      if (importer === undefined || !files.test(importer) || !libraries.test(id)) return;
      return this.resolve(id, manifest);
    },
    transform(code, id) {
      if (files.test(id)) return toModule(code, id);
      return comments.test(id) ? keepLineEnds(code, id) : undefined;
    },
  };
}

/** Rewrites what TypeScript prints for CommonJS. @throws Error when something else is left. */
function toModule(code: string, id: string): string {
  const module = code
    .replace('Object.defineProperty(exports, "__esModule", { value: true });', "")
    .replace(/^(?:exports\.\w+ = )+void 0;$/gm, "")
    .replace(/^exports\.(\w+) = \1;$/gm, "export { $1 };")
    .replace(/^const (\w+) = require\("([^"]+\.json)"\);$/gm, 'import $1 from "$2";')
    .replace(/^const (\w+) = require\("([^"]+)"\);$/gm, 'import * as $1 from "$2";')
    .replace(/^exports\.(\w+) = /gm, "export const $1 = ")
    .replace(/^var (\w+);$(?=\n\(function)/gm, "export var $1;")
    .replace(/\bexports\.(\w+)/g, "$1");
  if (/\b(?:require\(|exports\b)/.test(module)) throw new Error(`${id} has changed: look here`);
  return module;
}

/**
 * Later libraries make CR LF in a comment a mere LF. The protoc-gen-es that runs in projects does not:
 * `buf generate` would change what we have printed. Our own plugin is not concerned: it has line ends
 * of its own making.
 *
 * @throws Error when protoplugin has changed so that this no longer fits.
 */
function keepLineEnds(code: string, id: string): string {
  const kept = code.replaceAll(/(?<!function )normalizeLineBreaks\b(?=[(),])/g, "String");
  if (kept === code) throw new Error(`${id} has changed: look here`);
  return kept;
}
