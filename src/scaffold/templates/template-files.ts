import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Files, readTree } from "../../files.ts";

/**
 * The files below a folder of templates/, for example `project` or `starters/user`; empty when there
 * is no such folder.
 */
export function readTemplateFiles(packageRoot: string, folder: string): Files {
  const path = join(packageRoot, "templates", folder);
  return existsSync(path) ? readTree(path) : new Map();
}
