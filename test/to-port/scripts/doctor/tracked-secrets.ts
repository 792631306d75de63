import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Finding, failure, ok, skipped } from "./check.ts";

/** Files that hold secrets, as git matches paths. */
const secrets = [".env", "*.key"];

/** Nothing secret is in the repository. */
export async function checkTrackedSecrets(root: string): Promise<Finding[]> {
  let tracked: string[];
  try {
    const command = ["ls-files", "-z", "--", ...secrets];
    const { stdout } = await promisify(execFile)("git", command, { cwd: root });
    tracked = stdout.split("\0").filter((path) => path !== "");
  } catch {
    return [skipped("no git repository here")];
  }
  if (tracked.length === 0) return [ok("git tracks no secret")];
  return tracked.map((path) =>
    failure(`git tracks ${path}`, `git rm --cached ${path}, and replace the secret in it`),
  );
}
