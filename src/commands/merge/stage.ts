import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseJson, property } from "../../json.ts";
import { readIfPresent } from "../../scaffold/disk/plan.ts";
import { contentHash, recordFile } from "../../scaffold/new/record.ts";
import { errorCode, UsageError } from "../../terminal/errors.ts";
import type { MergedFile } from "./plan-merge.ts";

/** Start of the names of the folders in a project that a merge works in. */
export const stageName = ".grpc-service-merge";

/** What a staged merge is going to do. It outlives the process, so that another run can continue. */
export interface Stage {
  readonly root: string;
  /** What the merge leads to, such as the new version: only the same merge continues it. */
  readonly goal: string;
  readonly files: readonly StagedFile[];
  /** The text of the record, which is written last. */
  readonly record: string;
  /** What is printed at the end. */
  readonly report: string;
  readonly hasConflicts: boolean;
}

/** A file to write or to remove. */
export interface StagedFile {
  readonly path: string;
  /** Hash of its content before. Undefined: it did not exist. */
  readonly before: string | undefined;
  /** Hash of its content afterwards. Undefined: it is removed. */
  readonly after: string | undefined;
}

/** The files of a plan that change the project. */
export function writtenFiles(plan: readonly MergedFile[]): readonly MergedFile[] {
  return plan.filter(({ action }) => action !== "keep" && action !== "absent");
}

/** Writes everything that a merge needs beside the project's files. Nothing of the project has changed then. */
export async function stageMerge(
  plan: readonly MergedFile[],
  outcome: Omit<Stage, "files">,
): Promise<Stage> {
  const { root } = outcome;
  await removeStale(root);
  const folder = await mkdtemp(join(root, `${stageName}-`));
  const files: StagedFile[] = [];
  for (const { path, content, action } of writtenFiles(plan)) {
    const present = await readIfPresent(join(root, path));
    const before = present === undefined ? undefined : contentHash(present);
    if (action !== "remove") {
      await mkdir(dirname(join(folder, "new", path)), { recursive: true });
      await writeFile(join(folder, "new", path), content ?? "");
    }
    files.push({
      path,
      before,
      after: action === "remove" ? undefined : contentHash(content ?? ""),
    });
  }
  const stage = { ...outcome, files };
  await writeFile(join(folder, planFile), JSON.stringify(stage));
  // From here on, another run finds a complete stage.
  await rename(folder, join(root, stageName));
  return stage;
}

const planFile = "plan";

/** The stage that an interrupted run has left. */
export async function findStage(root: string): Promise<Stage | undefined> {
  const text = await readFile(join(root, stageName, planFile), "utf8").catch(() => "");
  const plan = parseJson(text);
  const [goal, record, report] = ["goal", "record", "report"].map((key) => property(plan, key));
  if (typeof goal !== "string" || typeof record !== "string") return undefined;
  const files = property(plan, "files");
  return {
    root,
    goal,
    record,
    report: typeof report === "string" ? report : "",
    hasConflicts: property(plan, "hasConflicts") === true,
    files: (Array.isArray(files) ? files : []).map((file: unknown) => ({
      path: String(property(file, "path")),
      before: textOrNothing(property(file, "before")),
      after: textOrNothing(property(file, "after")),
    })),
  };
}

/**
 * Moves the staged files into place, one by one: each is as before or as planned, whenever the process ends.
 * Yields each path.
 *
 * @throws UsageError when a file was edited since it was planned
 */
export async function* applyStage({ root, files }: Stage): AsyncGenerator<string> {
  for (const { path, before, after } of files) {
    const file = join(root, path);
    const present = await readIfPresent(file);
    const hash = present === undefined ? undefined : contentHash(present);
    if (hash === after) continue;
    if (hash !== before) {
      throw new UsageError(
        `${path} was changed since this began; restore it and run again, or undo everything with git and remove ${stageName}`,
      );
    }
    if (after === undefined) {
      await rm(file);
      await removeEmptyFolders(root, dirname(path));
    } else {
      const staged = join(root, stageName, "new", path);
      await mkdir(dirname(file), { recursive: true });
      if (present !== undefined) await chmod(staged, (await stat(file)).mode);
      await rename(staged, file);
    }
    yield path;
  }
}

/** Ends a merge: writes the record, and removes the stage. */
export async function finishStage({ root, record }: Stage): Promise<void> {
  await writeFile(join(root, stageName, "record"), record);
  await rename(join(root, stageName, "record"), join(root, recordFile));
  await rm(join(root, stageName), { recursive: true });
}

/** Removes what a run left that ended before anything was changed. */
async function removeStale(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name.startsWith(`${stageName}-`)) await rm(join(root, name), { recursive: true });
  }
}

async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  if (folder === ".") return;
  try {
    await rmdir(join(root, folder));
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes(errorCode(error) ?? "")) return;
    throw error;
  }
  await removeEmptyFolders(root, dirname(folder));
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
