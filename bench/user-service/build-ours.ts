import { cp } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import { compileTypeScript } from "../rpc/harness/sandbox.ts";

/** Builds `examples/user-service` as it is, beside the programs: `ours/dist`. */
export async function buildOurs(folder: string): Promise<void> {
  const example = join(packageRoot(), "examples", "user-service");
  const target = join(folder, "ours");
  for (const path of ["package.json", "migrations", "src"]) {
    await cp(join(example, path), join(target, path), { recursive: true });
  }
  await compileTypeScript(join(target, "src"), join(target, "dist"));
}
