import { runGit } from "../../../scaffold/git.ts";
import { type Finding, failure, ok, skipped } from "../finding.ts";

/** Files that hold secrets, as git matches paths. */
const secrets = [".env", "*.key"];

/** Checks that git tracks no secrets. */
export async function checkTrackedSecrets(root: string): Promise<Finding[]> {
  const { startError, exitCode, output } = await runGit(root, ["ls-files", "-z", "--", ...secrets]);
  if (startError === "ENOENT") return [skipped("git is not installed")];
  if (exitCode !== 0) return [skipped("this is not a git repository")];
  const tracked = Buffer.from(output)
    .toString()
    .split("\0")
    .filter((path) => path !== "");
  if (tracked.length === 0) return [ok("git tracks no secrets")];
  return tracked.map((path) =>
    failure(`git tracks ${path}`, `git rm --cached ${path}, then replace the secrets in it`),
  );
}
