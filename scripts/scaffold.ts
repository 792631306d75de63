import type { Options } from "../src/scaffold/cli/options.ts";
import { create } from "../src/scaffold/create.ts";

/** Answers that leave nothing to ask, install nothing and create no repository. */
const defaults: Options = {
  packageManager: "npm",
  additions: new Map(),
  proto: [],
  importPaths: [],
  install: false,
  git: false,
  yes: true,
  force: false,
  dryRun: false,
};

/** Scaffolds a project below `cwd` in this process, without a word. */
export async function scaffold(cwd: string, options: Partial<Options>): Promise<void> {
  const quiet = () => undefined;
  await create(
    { ...defaults, ...options },
    {
      cwd,
      env: {},
      interactive: false,
      columns: 80,
      signal: new AbortController().signal,
      print: quiet,
      note: quiet,
    },
  );
}
