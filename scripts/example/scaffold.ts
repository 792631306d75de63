import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import type { Options } from "../../src/scaffold/cli/options.ts";
import { create } from "../../src/scaffold/create.ts";

export const exampleFolder = join(packageRoot(), "examples/user-service");

/** The answers that examples/user-service is made with. */
const options: Options = {
  directory: "user-service",
  starter: "user",
  packageManager: "npm",
  additions: new Map(),
  proto: [],
  importPaths: [],
  self: "file:../..",
  install: false,
  git: false,
  yes: true,
  force: false,
  dryRun: false,
};

/**
 * Scaffolds the example into a folder of its own below test/.tmp.
 *
 * @returns path of the project; whoever asks for it removes its parent folder.
 */
export async function scaffoldExample(): Promise<string> {
  const scratch = join(packageRoot(), "test/.tmp");
  await mkdir(scratch, { recursive: true });
  const cwd = await mkdtemp(join(scratch, "example-"));
  const { signal } = new AbortController();
  const quiet = () => undefined;
  await create(options, {
    cwd,
    env: {},
    interactive: false,
    columns: 80,
    signal,
    print: quiet,
    note: quiet,
  });
  return join(cwd, "user-service");
}
