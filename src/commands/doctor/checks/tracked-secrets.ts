import { execa } from "execa";
import { type Finding, failure, ok, skipped } from "../finding.ts";

/** Files that hold secrets, as git matches paths. */
const secrets = [".env", "*.key"];

/** Checks that git tracks no secrets. */
export async function checkTrackedSecrets(root: string): Promise<Finding[]> {
  const { failed, code, stdout } = await execa("git", ["ls-files", "-z", "--", ...secrets], {
    cwd: root,
    stdin: "ignore",
    reject: false,
  });
  if (code === "ENOENT") return [skipped("git is not installed")];
  if (failed) return [skipped("this is not a git repository")];
  const tracked = stdout.split("\0").filter((path) => path !== "");
  if (tracked.length === 0) return [ok("git tracks no secrets")];
  return tracked.map((path) =>
    failure(`git tracks ${path}`, `git rm --cached ${path}, then replace the secrets in it`),
  );
}
