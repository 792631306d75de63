import type { Host } from "../../terminal/host.ts";
import { runProgram } from "../program.ts";
import type { PackageManager } from "../templates/package-managers.ts";

/** Why the installation failed. */
export type InstallFailure =
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly reason: string };

/** Installs a project's dependencies and shows the output of the package manager. Undefined: success. */
export async function install(
  folder: string,
  { name, install: command }: PackageManager,
  host: Pick<Host, "signal">,
): Promise<InstallFailure | undefined> {
  const [program = name, ...args] = command.split(" ");
  const { exitCode, endedBy, startError } = await runProgram(program, args, {
    folder,
    // With NODE_ENV=production package managers skip devDependencies.
    env: { NODE_ENV: undefined },
    signal: host.signal,
    show: true,
  });
  if (host.signal.aborted || endedBy === "SIGINT") return { kind: "interrupted" };
  if (startError === "ENOENT") return { kind: "failed", reason: `${name} is not installed` };
  return exitCode === 0 ? undefined : { kind: "failed", reason: `${command} failed` };
}
