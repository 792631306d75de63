import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/** Texts of files, by path relative to some folder, with `/`. */
export type Files = ReadonlyMap<string, string>;

/** Whether there is a folder at this path. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/**
 * Reads every file below a folder, except in node_modules, sorted by path. Synchronous reads take a fifth
 * of the time of promises for many small files. So does this walk compared to Node.js' own recursion,
 * which normalises each path.
 */
export function readTree(root: string): Files {
  const files: [path: string, text: string][] = [];
  const readFolder = (folder: string): void => {
    for (const entry of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
      const path = folder + entry.name;
      if (entry.isDirectory() && entry.name !== "node_modules") readFolder(`${path}/`);
      if (entry.isFile()) files.push([path, readFileSync(`${root}/${path}`, "utf8")]);
    }
  };
  readFolder("");
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
