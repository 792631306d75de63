import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import type { PackageManagerName } from "../templates/package-managers.ts";

/**
 * Checks a specifier given by a flag. A path is made absolute; `file:`, `https:`, `git` and versions stay
 * as they are.
 *
 * @throws UsageError for anything else, and for a path that does not exist.
 */
export async function givenSpecifier(
  flag: string,
  value: string,
  cwd: string,
  packageManager: PackageManagerName,
): Promise<string> {
  if (/[\s"'`$;&|<>\\]/.test(value) || printable(value) !== value) {
    throw new UsageError(`${flag} "${printable(value)}" is not a version, a path or a URL`);
  }
  if (/^(?:file:|link:|portal:|workspace:|https?:|git[+:]|github:|npm:)/.test(value)) return value;
  const path = resolve(cwd, value);
  const found = await stat(path).catch(() => undefined);
  // yarn copies a folder given as `file:` with its node_modules; npm links it.
  if (found !== undefined) {
    return `${found.isDirectory() && packageManager === "yarn" ? "portal" : "file"}:${path}`;
  }
  if (isAbsolute(value) || value.startsWith(".") || value.endsWith(".tgz")) {
    throw new UsageError(`${flag} ${value}: no such file or folder`);
  }
  return value;
}

/** Whether a specifier is an absolute path, which other machines do not have. */
export function isOnThisMachineOnly(specifier: string): boolean {
  return /^(?:file|link|portal):(?:[/\\~]|[A-Za-z]:)/.test(specifier);
}
