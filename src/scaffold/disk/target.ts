import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { checkProjectName } from "../cli/project-name.ts";
import { describeSystemError, errorCode, UsageError } from "../errors.ts";
import { parseJson, property } from "../json.ts";
import { printable } from "../printable.ts";

/** The folder a run writes into, and what it found there. */
export interface Target {
  /** Absolute path. */
  readonly path: string;
  /** As the user wrote it: for messages and for `cd`. */
  readonly shown: string;
  /**
   * `new`: nothing there; `empty`: a folder without files; `ours`: made by create-grpc-service;
   * `foreign`: holds files of something else.
   */
  readonly kind: "new" | "empty" | "ours" | "foreign";
}

/**
 * Resolves the folder of a project and looks into it, touching nothing.
 *
 * @throws UsageError when the path leaves the current folder by `..`, or is a file or a link.
 */
export async function inspectTarget(directory: string, cwd: string): Promise<Target> {
  const path = targetPath(directory, cwd);
  return { path, shown: directory, kind: await kindOf(path, printable(directory)) };
}

/** Absolute path of the target; an absolute path may lead anywhere, a relative one only down. */
function targetPath(directory: string, cwd: string): string {
  if (directory.trim() === "") throw new UsageError("the folder has no name");
  if (directory.split(/[\\/]/).includes("..")) {
    throw new UsageError(
      `"${printable(directory)}" leads out of this folder; give a name, or an absolute path`,
    );
  }
  const path = resolve(cwd, directory);
  const inPlace = path === cwd;
  if (!inPlace) checkProjectName(basename(path).toLowerCase());
  if (printable(directory) !== directory) {
    throw new UsageError(
      `"${printable(directory)}" has characters that no folder name should have`,
    );
  }
  return path;
}

async function kindOf(path: string, shown: string): Promise<Target["kind"]> {
  const entry = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new UsageError(`cannot use "${shown}": ${describeSystemError(error) ?? String(error)}`);
  });
  if (entry === undefined) return "new";
  if (entry.isSymbolicLink()) {
    throw new UsageError(`"${shown}" is a symbolic link; name the folder it points to instead`);
  }
  if (!entry.isDirectory()) throw new UsageError(`"${shown}" exists and is not a folder`);
  const names = await readdir(path).catch((error: unknown) => {
    throw new UsageError(`cannot read "${shown}": ${describeSystemError(error) ?? String(error)}`);
  });
  if (names.every((name) => unimportant.has(name))) return "empty";
  return (await isOurs(path)) ? "ours" : "foreign";
}

/** What a fresh `git init` or a file browser leaves does not make a folder full. */
const unimportant: ReadonlySet<string> = new Set([".git", ".DS_Store", "Thumbs.db"]);

/** A project of ours depends on us and says how to generate its code. */
async function isOurs(path: string): Promise<boolean> {
  const manifest = parseJson(await readFile(join(path, "package.json"), "utf8").catch(() => ""));
  const genConfig = await lstat(join(path, "buf.gen.yaml")).catch(() => undefined);
  const ourselves = property(property(manifest, "devDependencies"), "create-grpc-service");
  return genConfig?.isFile() === true && ourselves !== undefined;
}
