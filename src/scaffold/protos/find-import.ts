import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** Finds an imported file: the first one below a root. Undefined if it does not exist. */
export async function findImport(
  path: string,
  roots: readonly string[],
): Promise<string | undefined> {
  if (isAbsolute(path) || path.includes("\\") || path.split("/").includes("..")) return undefined;
  for (const root of roots) {
    const file = join(root, path);
    const entry = await stat(file).catch(() => undefined);
    if (entry?.isFile() === true) return file;
  }
  return undefined;
}
