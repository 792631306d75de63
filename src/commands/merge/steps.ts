import { lockVariable } from "../../scaffold/disk/project-lock.ts";
import { runProgram } from "../../scaffold/program.ts";
import {
  type PackageManagerName,
  packageManager,
} from "../../scaffold/templates/package-managers.ts";
import { InterruptedError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import type { StepName } from "../step-flags.ts";

/** How a user runs a step. */
export function stepCommand(step: StepName, manager: PackageManagerName): string {
  const { install, run } = packageManager(manager);
  return step === "install" ? install : `${run} ${step}`;
}

/**
 * Runs a step, and shows what it prints.
 *
 * @returns whether it succeeded
 */
export async function runStep(
  root: string,
  command: string,
  { env, note, signal }: Pick<Host, "env" | "note" | "signal">,
): Promise<boolean> {
  note(`Running ${command} ...\n`);
  const [program = "", ...args] = command.split(" ");
  const { exitCode } = await runProgram(program, args, {
    folder: root,
    // With NODE_ENV=production package managers skip devDependencies.
    env: { NODE_ENV: undefined, [lockVariable]: env[lockVariable] },
    signal,
    show: true,
  });
  if (signal.aborted) throw new InterruptedError();
  return exitCode === 0;
}
