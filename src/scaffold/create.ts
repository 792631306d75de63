import { packageRoot as ownPackageRoot } from "../package-root.ts";
import { UsageError } from "../terminal/errors.ts";
import type { Host } from "../terminal/host.ts";
import { printable } from "../terminal/printable.ts";
import { askDirectory, askMerge, requireAnswers } from "./cli/ask.ts";
import type { Options } from "./cli/options.ts";
import { checkProjectName, folderName, projectName } from "./cli/project-name.ts";
import { inspectTarget, type Target } from "./disk/target.ts";

/** Carries out `create-grpc-service [dir]`: a new project, or the growth of one that is there. */
export async function create(
  options: Options,
  host: Host,
  packageRoot = ownPackageRoot(),
): Promise<void> {
  if (options.directory === undefined) requireAnswers(options, host);
  if (options.name !== undefined) checkProjectName(options.name, "--name");
  const wanted = await askDirectory(options, host, packageRoot, (answer) =>
    findPlace(answer, options, host, ""),
  );
  const { target, name } = await findPlace(wanted, options, host, "--name");
  if (target.kind === "ours") {
    refuse(options.starter, "--starter");
    refuse(options.name, "--name");
    const { growProject } = await import("./update/grow-project.ts");
    await growProject({ target, options, host, packageRoot });
    return;
  }
  requireAnswers(options, host);
  if (target.kind === "foreign") await checkMerge(target, options, host);
  const { createNew } = await import("./new/create-new.ts");
  await createNew({ target, name, options, host, packageRoot });
}

/** Folder and name of a project. */
interface Place {
  readonly target: Target;
  readonly name: string;
}

/**
 * The place that a folder, or the scoped name that it is derived from, stands for.
 *
 * @param flag what else can name the project, for messages
 * @throws UsageError when nothing can be made there.
 */
async function findPlace(
  wanted: string,
  options: Options,
  { cwd }: Host,
  flag: string,
): Promise<Place> {
  const target = await inspectTarget(folderName(wanted), cwd);
  const name = options.name ?? projectName(wanted, cwd);
  // A project that is there keeps its name.
  return { target, name: target.kind === "ours" ? name : checkProjectName(name, flag) };
}

/** A folder with other files is written into only when somebody said so. */
async function checkMerge(target: Target, options: Options, host: Host): Promise<void> {
  if (options.force) return;
  const shown = printable(target.shown);
  if (!host.interactive || options.yes) {
    throw new UsageError(
      `${shown} is not empty; --force adds the missing files and keeps the existing ones`,
    );
  }
  if (!(await askMerge(shown, host))) throw new UsageError(`${shown} is left as it is`);
}

function refuse(value: string | undefined, flag: string): void {
  if (value !== undefined) {
    throw new UsageError(`${flag} is for a new project, and this folder already has one`);
  }
}
