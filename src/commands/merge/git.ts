import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGit } from "../../scaffold/git.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { MergeText } from "./merge-text.ts";

/** What git says about a folder. */
export type WorkTree =
  | { readonly state: "clean" }
  | { readonly state: "none" }
  /** A repository around the folder ignores it. */
  | { readonly state: "ignored" }
  /** With a path that has changes. */
  | { readonly state: "dirty"; readonly path: string };

/**
 * Whether everything in a folder is committed. `none`: git is not installed, or knows nothing of the folder.
 *
 * @param ignored the starts of names in the folder whose changes do not count
 * @throws UsageError when git refuses to work there
 */
export async function workTreeOf(folder: string, ignored: readonly string[]): Promise<WorkTree> {
  const args = ["status", "--porcelain", "-z", "--untracked-files=all", "--", "."];
  const excluded = ignored.map((name) => `:(exclude)${name}*`);
  const status = await runGit(folder, [...args, ...excluded], { env: { LC_ALL: "C" } });
  if (status.startError !== undefined || /not a git repository/.test(status.errors)) {
    return { state: "none" };
  }
  if (status.exitCode !== 0) {
    const [reason = ""] = status.errors.split("\n");
    throw new UsageError(`git does not work here: ${reason.replace(/^fatal: /, "")}`);
  }
  const [first = ""] = Buffer.from(status.output).toString().split("\0");
  if (first !== "") return { state: "dirty", path: first.slice(3) };
  const tracked = await trackedFiles(folder, []);
  return { state: tracked.size > 0 ? "clean" : "ignored" };
}

/** What git does about a file that it tracks. */
export interface Tracked {
  /** Its changes are not shown: the flag that makes it so. */
  readonly hidden: "skip-worktree" | "assume-unchanged" | undefined;
}

/** The files in a folder that git can restore. */
export async function trackedFiles(
  folder: string,
  paths: readonly string[],
): Promise<Map<string, Tracked>> {
  const args = ["--literal-pathspecs", "ls-files", "-v", "-z", "--", ...paths];
  const { output } = await runGit(folder, args);
  const lines = Buffer.from(output).toString().split("\0");
  return new Map(
    lines.filter(Boolean).map((line) => {
      // "S path"; small letters for what is assumed to be unchanged.
      const [tag = "", path] = [line.charAt(0), line.slice(2)];
      const isAssumed = tag !== tag.toUpperCase();
      const skipped = tag.toUpperCase() === "S" ? "skip-worktree" : undefined;
      return [path, { hidden: isAssumed ? "assume-unchanged" : skipped }];
    }),
  );
}

/** Merges with `git merge-file`. */
export const mergeWithGit: MergeText = async (texts, labels) => {
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-merge-"));
  try {
    const sides = ["ours", "base", "theirs"] as const;
    await Promise.all(sides.map((side) => writeFile(join(folder, side), texts[side])));
    const names = sides.flatMap((side) => ["-L", labels[side]]);
    const { exitCode, output, errors } = await runGit(folder, [
      ...["merge-file", "--stdout", "--diff3", ...names],
      ...sides,
    ]);
    // The exit code is the number of conflicts, up to 127.
    if (exitCode === undefined || exitCode > 127) throw new Error(`git merge-file: ${errors}`);
    return Buffer.from(output).toString();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
