import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGit } from "../../scaffold/git.ts";
import type { MergeText } from "./merge-text.ts";

/** What git says about a folder. */
export type WorkTree =
  | { readonly state: "clean" }
  | { readonly state: "none" }
  /** With a path that has changes. */
  | { readonly state: "dirty"; readonly path: string };

/**
 * Whether everything in a folder is committed. `none`: git is not installed, or knows nothing of the folder.
 *
 * @param ignored the start of names in the folder whose changes do not count
 */
export async function workTreeOf(folder: string, ignored: string): Promise<WorkTree> {
  const args = ["status", "--porcelain", "-z", "--untracked-files=all", "--", "."];
  const { exitCode, output } = await runGit(folder, [...args, `:(exclude)${ignored}*`]);
  if (exitCode !== 0) return { state: "none" };
  const [first = ""] = Buffer.from(output).toString().split("\0");
  return first === "" ? { state: "clean" } : { state: "dirty", path: first.slice(3) };
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
