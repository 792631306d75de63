import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scaffold } from "../../scripts/scaffold.ts";
import { packageRoot } from "../../src/package-root.ts";
import { compileTypeScript } from "../rpc/harness/sandbox.ts";

/** Programs of this benchmark, and what they talk to it by. */
const programs = ["programs", "../rpc/harness/programs"];

/**
 * Scaffolds and builds the data starter below test/.tmp, where it finds the built library, with the programs
 * of the benchmark in `bench/`.
 *
 * @returns the folder of the project; its parent is to be removed
 */
export async function buildProject(): Promise<string> {
  const scratch = join(packageRoot(), "test/.tmp");
  await mkdir(scratch, { recursive: true });
  const parent = await mkdtemp(join(scratch, "data-service-"));
  try {
    const versions = { self: "0.1.0", runtime: "0.1.0" };
    await scaffold(parent, { directory: "data-service", starter: "data", ...versions });
    const project = join(parent, "data-service");
    await compileTypeScript(join(project, "src"), join(project, "dist"));
    for (const folder of programs) {
      const source = fileURLToPath(new URL(folder, import.meta.url));
      await cp(source, join(project, "bench"), { recursive: true });
    }
    return project;
  } catch (error) {
    await rm(parent, { recursive: true, force: true });
    throw error;
  }
}
