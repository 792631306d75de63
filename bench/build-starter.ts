import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../src/package-root.ts";
import { compileTypeScript } from "./rpc/harness/sandbox.ts";
import { scaffoldStarter } from "./scaffold-starter.ts";

/** What measured programs talk to a benchmark by. */
const harness = fileURLToPath(new URL("rpc/harness/programs", import.meta.url));

/**
 * Scaffolds and builds a starter below test/.tmp, where it finds the built library, with the programs of a benchmark
 * in `bench/`.
 *
 * @param programs folder of programs in plain JavaScript
 * @returns the folder of the project; its parent is to be removed
 */
export async function buildStarter(starter: string, programs: string): Promise<string> {
  const scratch = join(packageRoot(), "test/.tmp");
  await mkdir(scratch, { recursive: true });
  const parent = await mkdtemp(join(scratch, "bench-"));
  try {
    await scaffoldStarter(parent, starter);
    const project = join(parent, starter);
    await compileTypeScript(join(project, "src"), join(project, "dist"));
    for (const source of [programs, harness]) {
      await cp(source, join(project, "bench"), { recursive: true });
    }
    return project;
  } catch (error) {
    await rm(parent, { recursive: true, force: true });
    throw error;
  }
}
