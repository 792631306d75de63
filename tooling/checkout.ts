import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { run } from "./packed/commands.ts";

/** Copies what git tracks, with what has been changed and added since the last commit. */
export async function copyCheckout(target: string): Promise<void> {
  const root = packageRoot();
  // In a container the checkout may be of another user.
  const args = ["-c", `safe.directory=${root}`, "ls-files"];
  const kinds = ["--cached", "--others", "--exclude-standard", "-z"];
  const { stdout } = await run("git", [...args, ...kinds], { cwd: root });
  for (const path of stdout.split("\0")) {
    if (path === "" || !existsSync(join(root, path))) continue;
    await cp(join(root, path), join(target, path));
  }
}
