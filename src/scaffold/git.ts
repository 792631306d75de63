import { otherRepository } from "./git-environment.ts";
import { type ProgramOptions, type ProgramResult, runProgram } from "./program.ts";

/** Runs git for the repository that a folder lies in, whatever repository a hook works on. */
export function runGit(
  folder: string,
  args: readonly string[],
  { env, ...options }: Omit<ProgramOptions, "folder"> = {},
): Promise<ProgramResult> {
  return runProgram("git", args, { ...options, folder, env: { ...otherRepository, ...env } });
}

/**
 * The same for its output.
 *
 * @param variables of its environment
 * @returns undefined if it fails or is not installed
 */
export async function git(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
  variables: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const { exitCode, output } = await runGit(folder, args, { env: variables, signal });
  return exitCode === 0 ? Buffer.from(output).toString("utf8") : undefined;
}
