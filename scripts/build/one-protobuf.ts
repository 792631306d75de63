import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/** Files of protoc-gen-es, and the libraries of ours that they get. */
const consumers = /node_modules[\\/]@bufbuild[\\/]protoc-gen-es[\\/]dist[\\/].*\.js$/;
const libraries = /^@bufbuild\/(protobuf|protoplugin)(\/|$)/;
const prefix = "\0one-protobuf:";

/**
 * protoc-gen-es 2.13, the last for Node 20, brings protobuf-es libraries of its own version. It
 * prints the same with ours (the drift test of examples/user-service shows it), so one copy will do.
 * Its files are CommonJS: each `require` would keep a whole library in the bundle, so it gets a
 * module with just the names that the file uses.
 */
export function oneProtobuf(root: string): Plugin {
  const manifest = join(root, "package.json");
  return {
    name: "one-protobuf",
    resolveId(id, importer) {
      if (importer?.startsWith(prefix)) return this.resolve(id, manifest);
      if (!libraries.test(id) || importer === undefined || !consumers.test(importer)) return;
      return `${prefix}${id}:${importer}`;
    },
    async load(id) {
      if (!id.startsWith(prefix)) return;
      const [library = "", consumer = ""] = id.slice(prefix.length).split(/:(.*)/s);
      const names = usedNames(await readFile(consumer, "utf8"), library);
      return `export { ${names.join(", ")} } from ${JSON.stringify(library)};`;
    },
  };
}

/** `const wkt_1 = require("library")` and then `wkt_1.name`, as TypeScript prints it. */
function usedNames(code: string, library: string): string[] {
  const variable = new RegExp(`const (\\w+) = require\\("${library}"\\);`).exec(code)?.[1];
  if (variable === undefined) throw new Error(`no require("${library}") found`);
  const uses = code.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"));
  return [...new Set([...uses].map(([, name = ""]) => name))];
}
