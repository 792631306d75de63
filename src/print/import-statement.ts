import { printDoc } from "./layout.ts";
import { compareNaturally } from "./natural-order.ts";
import { list } from "./syntax.ts";

/** A name between the braces of an import statement. */
export interface ImportedName {
  /** Name in the module. */
  readonly name: string;
  /** Name in the importing file. */
  readonly local: string;
  readonly typeOnly: boolean;
}

/** `import { ... } from "path"`, or with `typeOnly` `import type { ... } from "path"`. */
export interface ImportStatement {
  readonly path: string;
  readonly typeOnly: boolean;
  readonly names: readonly ImportedName[];
}

/** One statement, laid out, its names in biome's order. */
export function printImport({ path, typeOnly, names }: ImportStatement): string {
  const sorted = [...names].sort((a, b) => compareNaturally(a.local, b.local));
  const items = sorted.map((imported) => {
    const { name, local } = imported;
    const type = imported.typeOnly && !typeOnly ? "type " : "";
    return type + (name === local ? name : `${name} as ${local}`);
  });
  const keyword = typeOnly ? "import type" : "import";
  // A single name is never broken.
  const braces = items.length === 1 ? `{ ${items[0]} }` : list("{", items, "}", " ");
  return printDoc([`${keyword} `, braces, ` from ${JSON.stringify(path)};`]);
}

/**
 * Biome's order of statements: packages, aliases of directories, files from the farthest directory
 * to the nearest; types before values of the same module.
 */
export function compareImports(
  a: Pick<ImportStatement, "path" | "typeOnly">,
  b: Pick<ImportStatement, "path" | "typeOnly">,
): number {
  return (
    distance(b.path) - distance(a.path) ||
    compareNaturally(a.path, b.path) ||
    Number(b.typeOnly) - Number(a.typeOnly)
  );
}

/** Number of directories up. Packages and aliases sort before any file. */
function distance(path: string): number {
  if (!path.startsWith(".")) return isAlias.test(path) ? 1000 : 1001;
  const segments = path.split("/");
  let up = 0;
  while (segments[up] === "..") up++;
  return up;
}

const isAlias = /^(?:[#~$%]|@\/)/;
