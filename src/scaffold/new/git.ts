import { runGit } from "../git.ts";

export type GitOutcome =
  | "made"
  | "the folder is already in one"
  | "git is not installed"
  | "git failed";

/** Creates a git repository in a folder that is not in one. Nothing is committed. */
export async function initRepository(folder: string): Promise<GitOutcome> {
  const git = (...args: string[]) => runGit(folder, args);
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if (inside.startError === "ENOENT") return "git is not installed";
  if (inside.exitCode === 0) return "the folder is already in one";
  const init = await git("-c", "init.defaultBranch=main", "init", "--quiet");
  return init.exitCode === 0 ? "made" : "git failed";
}
