import { randomBytes } from "node:crypto";
import { lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeSystemError, UsageError } from "../../terminal/errors.ts";

/**
 * Writes a file of a project that only this user can read, all of it or nothing: it is written next to its
 * place and then moved there, so it never has the mode of an existing file.
 *
 * @param path relative to `root`, with `/`
 * @throws UsageError when it cannot be written, or is not at a place for a file of the project
 */
export function writePrivateFile(root: string, path: string, content: string | Uint8Array): void {
  checkFile(root, path);
  const target = join(root, path);
  const staged = `${target}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(staged, content, { mode: 0o600, flag: "wx" });
    renameSync(staged, target);
  } catch (error) {
    throw cannot("write", path, error);
  } finally {
    rmSync(staged, { force: true });
  }
}

/**
 * Checks that a file of a project is a file, or does not exist. A link could lead out of the project.
 *
 * @throws UsageError
 */
export function checkFile(root: string, path: string): void {
  const stats = statsOf(root, path);
  if (stats?.isFile() === false) throw new UsageError(`${path} must be a file, but is not`);
}

/** The same for a folder. @throws UsageError */
export function checkFolder(root: string, path: string): void {
  const stats = statsOf(root, path);
  if (stats?.isDirectory() === false) throw new UsageError(`${path} must be a folder, but is not`);
}

/** An error of the file system for the person who has to fix it; any other error as it is. */
export function cannot(verb: string, path: string, error: unknown): unknown {
  const text = describeSystemError(error);
  return text === undefined ? error : new UsageError(`cannot ${verb} ${path}: ${text}`);
}

function statsOf(root: string, path: string) {
  try {
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) {
      throw new UsageError(`${path} is a symbolic link, which is not followed`);
    }
    return stats;
  } catch (error) {
    throw cannot("read", path, error);
  }
}
