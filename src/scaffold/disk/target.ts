import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseJson, property } from "../../json.ts";
import { jsonProblem } from "../../json-problem.ts";
import { describeSystemError, errorCode, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { checkProjectName, isFolderName } from "../cli/project-name.ts";

/** The folder that a run writes into. */
export interface Target {
  /** Absolute path. */
  readonly path: string;
  /** As the user wrote it: for messages and for `cd`. */
  readonly shown: string;
  /**
   * `new`: does not exist; `empty`: a folder without files; `ours`: a project of create-grpc-service;
   * `foreign`: a folder with other files.
   */
  readonly kind: "new" | "empty" | "ours" | "foreign";
}

/**
 * Resolves the folder of a project and inspects it. Changes nothing.
 *
 * @param isNamed the project has a name of its own, so that its folder may have another one
 * @throws UsageError when the path is a file or a link, or its name is invalid.
 */
export async function inspectTarget(
  directory: string,
  cwd: string,
  isNamed = false,
): Promise<Target> {
  const path = targetPath(directory, cwd, isNamed);
  return { path, shown: directory, kind: await kindOf(path, printable(directory)) };
}

/** Absolute path of the target. Users may type any path. */
function targetPath(directory: string, cwd: string, isNamed: boolean): string {
  if (directory.trim() === "") throw new UsageError("the folder has no name");
  const path = resolve(cwd, directory);
  const inPlace = path === cwd;
  if (!inPlace && !(isNamed && isFolderName(basename(path)))) {
    checkProjectName(basename(path).toLowerCase());
  }
  if (printable(directory) !== directory) {
    throw new UsageError(
      `"${printable(directory)}" has characters that are not allowed in a folder name`,
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

/** Files of `git init` and file browsers. A folder with only these is empty. */
const unimportant: ReadonlySet<string> = new Set([".git", ".DS_Store", "Thumbs.db"]);

/** The project that a folder is part of: the nearest package.json at or above it is one of ours. */
export async function projectAround(path: string): Promise<string | undefined> {
  const manifest = await lstat(join(path, "package.json")).catch(() => undefined);
  if (manifest !== undefined) return (await isOurs(path)) ? path : undefined;
  const above = dirname(path);
  return above === path ? undefined : projectAround(above);
}

/**
 * A project depends on create-grpc-service and has a buf.gen.yaml.
 *
 * @throws UsageError when that cannot be known, because package.json is broken
 */
async function isOurs(path: string): Promise<boolean> {
  const genConfig = await lstat(join(path, "buf.gen.yaml")).catch(() => undefined);
  if (genConfig?.isFile() !== true) return false;
  const file = join(path, "package.json");
  const text = await readFile(file, "utf8").catch(() => "{}");
  const manifest = parseJson(text);
  if (manifest === undefined) throw new UsageError(jsonProblem(text, printable(file)));
  return property(property(manifest, "devDependencies"), "create-grpc-service") !== undefined;
}
