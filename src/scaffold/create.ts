import { basename } from "node:path";
import { packageRoot as ownPackageRoot } from "../package-root.ts";
import { askDirectory, askMerge, requireAnswers } from "./ask.ts";
import { UsageError } from "./errors.ts";
import type { Host } from "./host.ts";
import type { Options } from "./options.ts";
import { printable } from "./printable.ts";
import { checkProjectName, folderName } from "./project-name.ts";
import { inspectTarget, type Target } from "./target.ts";

/** Carries out `create-grpc-service [dir]`: a new project, or the growth of one that is there. */
export async function create(
  options: Options,
  host: Host,
  packageRoot = ownPackageRoot(),
): Promise<void> {
  if (options.directory === undefined) requireAnswers(options, host);
  if (options.name !== undefined) checkProjectName(options.name, "--name");
  const wanted = await askDirectory(options, host);
  const folder = folderName(wanted);
  const target = await inspectTarget(folder, host.cwd);
  if (target.kind === "ours") {
    refuse(options.starter, "--starter");
    refuse(options.name, "--name");
    const { growProject } = await import("./merge/grow-project.ts");
    await growProject({ target, options, host, packageRoot });
    return;
  }
  const derived = folder === wanted ? basename(target.path) : wanted;
  const name = checkProjectName(options.name ?? derived, "--name");
  requireAnswers(options, host);
  if (target.kind === "foreign") await checkMerge(target, options, host);
  const { createNew } = await import("./create-new.ts");
  await createNew({ target, name, options, host, packageRoot });
}

/** A folder with other files is written into only when somebody said so. */
async function checkMerge(target: Target, options: Options, host: Host): Promise<void> {
  if (options.force) return;
  const shown = printable(target.shown);
  if (!host.interactive || options.yes) {
    throw new UsageError(`${shown} is not empty; --force adds what is missing and keeps its files`);
  }
  if (!(await askMerge(shown, host))) throw new UsageError(`${shown} is left as it is`);
}

function refuse(value: string | undefined, flag: string): void {
  if (value !== undefined) {
    throw new UsageError(`${flag} is for a new project, and this folder has one already`);
  }
}
