import { main } from "../src/scaffold/cli/main.ts";

/**
 * Writes the project of a starter into a folder of its name below `cwd`, without installing it.
 *
 * @param flags further flags, such as `--redis`
 */
export async function scaffoldStarter(
  cwd: string,
  starter: string,
  flags: readonly string[] = [],
): Promise<void> {
  const versions = ["--self", "0.1.0", "--runtime", "0.1.0"];
  const usual = ["--yes", "--no-install", "--no-git", ...versions];
  let notes = "";
  const code = await main([starter, "--starter", starter, ...usual, ...flags], {
    cwd,
    env: {},
    interactive: false,
    columns: 80,
    signal: new AbortController().signal,
    print: () => {},
    note: (text) => {
      notes += text;
    },
  });
  if (code !== 0) throw new Error(notes);
}
