import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import type { Git } from "./git.ts";

/** The commit that the protos are compared with. */
export interface Base {
  /** As the user knows it, such as `origin/main`. */
  readonly shown: string;
  readonly commit: string;
}

/**
 * Finds the commit to compare with: `against`, or the branch that the change goes to. A clone of CI often
 * has neither: then that one commit is fetched.
 *
 * @throws UsageError when there is no such commit
 */
export async function findBase(
  git: Git,
  against: string | undefined,
  { env }: Pick<Host, "env">,
): Promise<Base> {
  if ((await git("rev-parse", "--git-dir")) === undefined) {
    throw new UsageError(
      "this folder is in no git repository: there are no protos to compare with",
    );
  }
  if (against?.startsWith("-")) throw new UsageError(`--against ${against} is no commit`);
  const target = against ?? targetOfRequest(env);
  if (target !== undefined) {
    const base = (await firstOf(git, namesOf(target))) ?? (await fetched(git, target));
    if (base !== undefined) return base;
    throw new UsageError(`${target} is no commit here or at origin; see git branch --all`);
  }
  const head = await git("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD");
  const usual = ["main", "master"].flatMap(namesOf);
  const base = await firstOf(git, head === undefined ? usual : [head.trim(), ...usual]);
  if (base !== undefined) return base;
  throw new UsageError("there is no branch main or master; name a commit with --against");
}

/** The branch that a pull request (GitHub) or merge request (GitLab) goes to. */
function targetOfRequest(env: Host["env"]): string | undefined {
  const { GITHUB_BASE_REF: github, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: gitlab } = env;
  return github || gitlab || undefined;
}

/** The remote branch first: the local one may be old. */
function namesOf(name: string): string[] {
  return [`refs/remotes/origin/${name}`, name];
}

async function firstOf(git: Git, names: readonly string[]): Promise<Base | undefined> {
  for (const name of names) {
    const commit = await git("rev-parse", "--verify", "--quiet", `${name}^{commit}`);
    if (commit !== undefined) {
      return { shown: name.replace(/^refs\/remotes\//, ""), commit: commit.trim() };
    }
  }
  return undefined;
}

async function fetched(git: Git, name: string): Promise<Base | undefined> {
  const result = await git("fetch", "--quiet", "--depth=1", "origin", name);
  if (result === undefined) return undefined;
  const base = await firstOf(git, ["FETCH_HEAD"]);
  return base && { ...base, shown: `origin/${name}` };
}
