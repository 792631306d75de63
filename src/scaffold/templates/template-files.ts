import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Files, readTree } from "../../files.ts";

/** The files below a folder of templates/ such as `starters/user`. Empty if it does not exist. */
export function readTemplateFiles(packageRoot: string, folder: string): Files {
  const path = join(packageRoot, "templates", folder);
  return existsSync(path) ? readTree(path) : new Map();
}
