import { existsSync } from "node:fs";
import { join } from "node:path";
import { lockName } from "../../scaffold/disk/project-lock.ts";
import { recordFile } from "../../scaffold/new/record.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { trackedFiles, workTreeOf } from "./git.ts";
import type { MergedFile } from "./plan-merge.ts";
import { stageName, writtenFiles } from "./stage.ts";

/**
 * Checks that git can undo a merge: everything is committed. A dry run needs no way back.
 *
 * @returns whether there is a git repository
 * @throws UsageError when something is not committed
 */
export async function requireCleanTree(
  root: string,
  { dryRun, host }: { readonly dryRun: boolean; readonly host: Pick<Host, "note"> },
): Promise<boolean> {
  const tree = await workTreeOf(root, [stageName, lockName]);
  if (tree.state === "dirty" && !dryRun) {
    throw new UsageError(
      `${printable(tree.path)} is not committed; commit or stash your changes first, so that git can undo this`,
    );
  }
  if (tree.state === "ignored" && !dryRun) {
    throw new UsageError(
      "the git repository around this folder ignores it, so git could not undo this; stop ignoring it, or make a repository here (git init), and commit everything",
    );
  }
  if (tree.state === "none" && !dryRun) {
    host.note(
      "This folder is not in a git repository, so there is no way back except a copy of your own.\n",
    );
  }
  return tree.state !== "none";
}

/**
 * Checks that git has the content of each file that a merge replaces, and of the record: it may be ignored, or
 * git may have been told not to look at it, and the tree is clean all the same.
 *
 * @throws UsageError for a file that could not be restored
 */
export async function requireTracked(root: string, files: readonly MergedFile[]): Promise<void> {
  const paths = writtenFiles(files).map(({ path }) => path);
  const present = [...paths, recordFile].filter((path) => existsSync(join(root, path)));
  const tracked = await trackedFiles(root, present);
  for (const path of present) {
    const file = tracked.get(path);
    if (file !== undefined && file.hidden === undefined) continue;
    const [problem, command] =
      file === undefined
        ? ["git ignores it", "git add -f"]
        : [`it is marked ${file.hidden}`, `git update-index --no-${file.hidden}`];
    throw new UsageError(
      `${printable(path)} would change, and git could not undo that: ${problem}; run ${command} ${shellWord(path)} and commit it`,
    );
  }
}
