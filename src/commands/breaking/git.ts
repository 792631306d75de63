import { runProgram } from "../../scaffold/program.ts";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";

/** Runs git in a folder and returns what it prints; undefined when it fails. */
export type Git = (...args: readonly string[]) => Promise<string | undefined>;

/**
 * Git for one folder. Hooks and editors start programs with variables such as GIT_DIR, which would point
 * it to another repository: they are removed.
 *
 * @param variables to set for it
 */
export function gitIn(
  folder: string,
  { env, signal }: Pick<Host, "env" | "signal">,
  variables: Readonly<Record<string, string>> = {},
): Git {
  const inherited = Object.keys(env).filter((name) => name.startsWith("GIT_"));
  const removed = Object.fromEntries(inherited.map((name) => [name, undefined]));
  return async (...args) => {
    const result = await runProgram("git", args, {
      folder,
      env: { ...removed, ...variables },
      signal,
    });
    if (signal.aborted) throw new InterruptedError();
    if (result.startError === "ENOENT") throw new UsageError("git is not installed");
    return result.exitCode === 0 ? Buffer.from(result.output).toString() : undefined;
  };
}
