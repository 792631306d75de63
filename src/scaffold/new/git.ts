import { runProgram } from "../program.ts";

export type GitOutcome =
  | "made"
  | "the folder is already in one"
  | "git is not installed"
  | "git failed";

/** Creates a git repository in a folder that is not in one. Nothing is committed. */
export async function initRepository(folder: string): Promise<GitOutcome> {
  const git = (...args: string[]) => runProgram("git", args, { folder, env: elsewhere });
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if (inside.startError === "ENOENT") return "git is not installed";
  if (inside.exitCode === 0) return "the folder is already in one";
  const init = await git("-c", "init.defaultBranch=main", "init", "--quiet");
  return init.exitCode === 0 ? "made" : "git failed";
}

/** A git hook or an alias hands these on: they lead to another repository. */
const elsewhere: Readonly<Record<string, undefined>> = {
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_DIR: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_NAMESPACE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_PREFIX: undefined,
  GIT_WORK_TREE: undefined,
};
