import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { git, runGit } from "../git.ts";

/** The commit that the protos are compared with. */
export interface Base {
  /** As the user knows it, such as `origin/main`. */
  readonly shown: string;
  readonly commit: string;
  /** The folder of the project in that commit, with `/` at its end. Default: where it is now, or was. */
  readonly folder?: string;
}

/**
 * Finds the commit to compare with: `against`, or the branch that the change goes to. A clone of CI often
 * has neither: then that one commit is fetched.
 *
 * @throws UsageError when there is no such commit
 */
export async function findBase(
  project: string,
  against: string | undefined,
  { env, signal }: Pick<Host, "env" | "signal">,
): Promise<Base> {
  const run: Git = async (...args) => {
    const output = await git(project, args, signal);
    if (signal.aborted) throw new InterruptedError();
    return output;
  };
  await requireRepository(project, signal);
  if (/^[-:]/.test(against ?? "")) throw new UsageError(`--against ${against} is no commit`);
  // As git writes a folder of a commit: main:services/orders. A time has colons too: main@{10:00}.
  const [, given, folder] =
    against === undefined ? [] : (/^((?:[^:{]|\{[^}]*\}?)*)(?::(.*))?$/s.exec(against) ?? []);
  const target = given ?? targetOfRequest(env);
  if (target !== undefined) {
    const base = (await firstOf(run, namesOf(target))) ?? (await fetched(run, target));
    if (base !== undefined) return folder === undefined ? base : { ...base, ...within(folder) };
    throw new UsageError(`${target} is no commit here or at origin; see git branch --all`);
  }
  const head = await run("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD");
  const usual = ["main", "master"].flatMap(namesOf);
  const base = await firstOf(run, head === undefined ? usual : [head.trim(), ...usual]);
  if (base !== undefined) return base;
  if ((await run("rev-parse", "--verify", "--quiet", "HEAD")) === undefined) {
    throw new UsageError("nothing is committed yet: there are no protos to compare with");
  }
  throw new UsageError("there is no branch main or master; name a commit with --against");
}

/** @throws UsageError that says why git does not work in a folder */
async function requireRepository(folder: string, signal: AbortSignal): Promise<void> {
  const options = { signal, env: { LC_ALL: "C" } };
  const { exitCode, startError, errors } = await runGit(
    folder,
    ["rev-parse", "--git-dir"],
    options,
  );
  if (signal.aborted) throw new InterruptedError();
  if (exitCode === 0) return;
  if (startError === "ENOENT") {
    throw new UsageError("git is not installed: it has the protos to compare with");
  }
  if (/not a git repository/.test(errors)) {
    throw new UsageError(
      "this folder is in no git repository: there are no protos to compare with",
    );
  }
  const [reason = ""] = errors.split("\n");
  throw new UsageError(`git does not work here: ${reason.replace(/^fatal: /, "")}`);
}

function within(folder: string): Pick<Base, "folder"> {
  const path = folder.replace(/^(?:\.\/)+|\/+$/g, "");
  return { folder: path === "" || path === "." ? "" : `${path}/` };
}

/** The branch that a pull request (GitHub) or merge request (GitLab) goes to. */
function targetOfRequest(env: Host["env"]): string | undefined {
  const { GITHUB_BASE_REF: github, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: gitlab } = env;
  return github || gitlab || undefined;
}

/** Runs git in the project; undefined when it fails. */
type Git = (...args: readonly string[]) => Promise<string | undefined>;

/** The remote branch first: the local one may be old. */
function namesOf(name: string): string[] {
  return [`refs/remotes/origin/${name}`, name];
}

async function firstOf(run: Git, names: readonly string[]): Promise<Base | undefined> {
  for (const name of names) {
    const commit = await run("rev-parse", "--verify", "--quiet", `${name}^{commit}`);
    if (commit !== undefined) {
      return { shown: name.replace(/^refs\/remotes\//, ""), commit: commit.trim() };
    }
  }
  return undefined;
}

async function fetched(run: Git, name: string): Promise<Base | undefined> {
  const result = await run("fetch", "--quiet", "--depth=1", "origin", name);
  if (result === undefined) return undefined;
  const base = await firstOf(run, ["FETCH_HEAD"]);
  return base && { ...base, shown: `origin/${name}` };
}
