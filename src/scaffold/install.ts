import { execa } from "execa";
import { InterruptedError } from "./errors.ts";
import type { Host } from "./host.ts";
import type { PackageManager } from "./package-managers.ts";

/** Installs a project's dependencies, showing what the package manager says; undefined when done. */
export async function install(
  folder: string,
  { name, install: command }: PackageManager,
  host: Pick<Host, "signal">,
): Promise<string | undefined> {
  const [program = name, ...args] = command.split(" ");
  const result = await execa(program, args, {
    cwd: folder,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    reject: false,
    cancelSignal: host.signal,
    // With NODE_ENV=production a package manager leaves the tools out.
    env: { NODE_ENV: undefined },
  });
  if (result.isCanceled || result.signal === "SIGINT") throw new InterruptedError();
  if (result.code === "ENOENT") return `${name} is not installed`;
  return result.exitCode === 0 ? undefined : `${command} failed`;
}
