import { readTree as readAll } from "../../src/files.ts";

/** What commands leave in a project, and the tarballs of our packages. */
const leftBehind = new Set(["node_modules", "dist", ".git", "package-lock.json", "vendor"]);

/** Every file below a folder without those: path with `/` -> text, in the order of the paths. */
export function readTree(folder: string): Map<string, string> {
  const files = [...readAll(folder)];
  return new Map(files.filter(([path]) => !path.split("/").some((name) => leftBehind.has(name))));
}
