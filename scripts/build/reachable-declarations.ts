import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Removes the declarations that no entry leads to: those of internal modules, which nobody can import.
 *
 * @param folder declarations, one file per module
 * @param entries their paths in `folder`, such as `index.d.ts`
 */
export async function keepReachable(folder: string, entries: readonly string[]): Promise<void> {
  const reachable = new Set(entries);
  // A Set also visits what is added on the way.
  for (const path of reachable) {
    const text = await readFile(join(folder, path), "utf8");
    for (const [, specifier = ""] of text.matchAll(/(?:from |import\()"(\.[^"]*)\.ts"/g)) {
      reachable.add(join(dirname(path), `${specifier}.d.ts`));
    }
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const declaration = path.slice(folder.length + 1).replace(/\.map$/, "");
    if (!reachable.has(declaration)) await rm(path);
  }
}
