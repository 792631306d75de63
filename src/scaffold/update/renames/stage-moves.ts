import { git } from "../../git.ts";

/** Moves files in git's index as `git mv` does, if they are in it. The content of the index stays. */
export async function stageMoves(
  project: string,
  moves: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  if (moves.size === 0) return;
  const prefix = await git(project, ["rev-parse", "--show-prefix"], signal);
  if (prefix === undefined) return;
  for (const [from, to] of moves) {
    const staged = await git(project, ["ls-files", "--stage", "--", from], signal);
    const [, mode, blob] = /^(\d+) (\w+) 0\t/.exec(staged ?? "") ?? [];
    if (mode === undefined || blob === undefined) continue;
    const path = `${prefix.trim()}${to}`;
    await git(project, ["update-index", "--add", "--cacheinfo", `${mode},${blob},${path}`], signal);
    await git(project, ["update-index", "--force-remove", "--", from], signal);
  }
}
