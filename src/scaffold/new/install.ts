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
    env: others,
    signal: host.signal,
    show: true,
  });
  if (host.signal.aborted || endedBy === "SIGINT") return { kind: "interrupted" };
  if (startError === "ENOENT") return { kind: "failed", reason: `${name} is not installed` };
  return exitCode === 0 ? undefined : { kind: "failed", reason: `${command} failed` };
}

/**
 * Settings of an outer `npm` or of the environment that are not meant for this project: they would install
 * elsewhere, nothing, or no devDependencies.
 */
const others: Readonly<Record<string, undefined>> = {
  NODE_ENV: undefined,
  npm_config_dir: undefined,
  npm_config_dry_run: undefined,
  npm_config_global: undefined,
  npm_config_location: undefined,
  npm_config_omit: undefined,
  npm_config_only: undefined,
  npm_config_package_lock_only: undefined,
  npm_config_production: undefined,
  npm_config_workspace: undefined,
  npm_config_workspaces: undefined,
};
