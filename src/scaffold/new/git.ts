import { runProgram } from "../program.ts";

export type GitOutcome =
  | "made"
  | "the folder is in one already"
  | "git is not installed"
  | "git failed";

/** Makes a git repository of a project, unless it lies in one. Nothing is committed. */
export async function initRepository(folder: string): Promise<GitOutcome> {
  const git = (...args: string[]) => runProgram("git", args, { folder });
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if (inside.startError === "ENOENT") return "git is not installed";
  if (inside.exitCode === 0) return "the folder is in one already";
  const init = await git("-c", "init.defaultBranch=main", "init", "--quiet");
  return init.exitCode === 0 ? "made" : "git failed";
}
