import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** What commands leave in a project, and the tarballs of our packages. */
const leftBehind = new Set(["node_modules", "dist", ".git", "package-lock.json", "vendor"]);

/** Every file below `folder` by its path with `/`, without those. */
export async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: relative(folder, path).split(sep).join("/") }))
    .filter(({ name }) => !name.split("/").some((part) => leftBehind.has(part)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = await Promise.all(files.map(({ path }) => readFile(path, "utf8")));
  return new Map(files.map(({ name }, index) => [name, texts[index] ?? ""]));
}
