import { otherRepository } from "./git-environment.ts";
import { runProgram } from "./program.ts";

/**
 * Runs git for the repository that a folder lies in.
 *
 * @param variables of its environment
 * @returns its output; undefined if it fails or is not installed
 */
export async function git(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
  variables: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const env = { ...otherRepository, ...variables };
  const { exitCode, output } = await runProgram("git", args, { folder, env, signal });
  return exitCode === 0 ? Buffer.from(output).toString("utf8") : undefined;
}
