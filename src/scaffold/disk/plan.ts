import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeSystemError, errorCode, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { genFolder } from "../generation/gen-config.ts";
import type { Project } from "../new/project.ts";
import type { Changes } from "./changes.ts";
import type { Target } from "./target.ts";

/** The changes that create a project in a folder. */
export interface Plan {
  readonly changes: Changes;
  /** Existing files that differ from those of the project. They stay unchanged. */
  readonly kept: readonly string[];
}

/**
 * Plans a new project. Existing files win: nothing is overwritten.
 *
 * @throws UsageError when a file cannot be written without following a link or overwriting something.
 */
export async function planProject(project: Project, target: Target): Promise<Plan> {
  await checkPaths(project.keys(), target);
  if (target.kind === "new") return { changes: creating(project, []), kept: [] };
  if ((await filesBelow(join(target.path, genFolder))).length > 0) {
    throw new UsageError(
      `${genFolder} already has files, and generated code must not be mixed with others`,
    );
  }
  const kept: string[] = [];
  const same: string[] = [];
  for (const [path, { content }] of project) {
    const present = await readIfPresent(join(target.path, path));
    if (present === undefined) continue;
    (present.equals(Buffer.from(content)) ? same : kept).push(path);
  }
  return { changes: creating(project, [...kept, ...same]), kept };
}

function creating(project: Project, except: readonly string[]): Changes {
  const wanted = [...project].filter(([path]) => !except.includes(path));
  return {
    create: new Map(wanted.map(([path, { content }]) => [path, content])),
    update: new Map(),
    remove: [],
  };
}

/**
 * Checks that no path leaves the target: not by its text and not through a symbolic link. Also checks that
 * no file is where a folder is needed.
 */
export async function checkPaths(paths: Iterable<string>, target: Target): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths) {
    const segments = path.split("/");
    if (segments.some((segment) => !safeSegment.test(segment) || /^\.\.?$/.test(segment))) {
      throw new UsageError(`"${printable(path)}" is not a path that can be written`);
    }
    for (let depth = 1; depth <= segments.length; depth++) {
      folders.add(segments.slice(0, depth).join("/") + (depth < segments.length ? "/" : ""));
    }
  }
  if (target.kind === "new") return;
  for (const path of folders) await checkEntry(path, target);
}

async function checkEntry(path: string, target: Target): Promise<void> {
  const isFolder = path.endsWith("/");
  const entry = await lstat(join(target.path, path.replace(/\/$/, ""))).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw new UsageError(`${path}: ${describeSystemError(error) ?? String(error)}`);
  });
  if (entry === undefined) return;
  if (entry.isSymbolicLink())
    throw new UsageError(`${path} is a symbolic link, which is not followed`);
  if (isFolder && !entry.isDirectory())
    throw new UsageError(`${path} must be a folder, but is not`);
  if (!isFolder && !entry.isFile()) throw new UsageError(`${path} must be a file, but is not`);
}

/** Content of a file. Undefined if it does not exist. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw new UsageError(`cannot read ${printable(path)}: ${describeSystemError(error) ?? error}`);
  });
}

/** Paths of all files below a folder, relative to it, with `/`. Empty if it does not exist. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .map((path) => path.replaceAll("\\", "/"))
      .sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** No separator of any system, no control character. */
const safeSegment = /^[^\\/:*?"<>|\p{Cc}]+$/u;
