import { relative } from "node:path";
import { packageRoot as ownPackageRoot, packageManifest } from "../package-root.ts";
import { UsageError } from "../terminal/errors.ts";
import type { Host } from "../terminal/host.ts";
import { printable } from "../terminal/printable.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { askDirectory, askMerge, requireAnswers } from "./cli/ask.ts";
import type { Options } from "./cli/options.ts";
import { checkProjectName, folderName, projectName } from "./cli/project-name.ts";
import { inspectTarget, projectAround, type Target } from "./disk/target.ts";

/**
 * Runs `create-grpc-service [dir]`: creates a project, or updates an existing one.
 *
 * @returns the exit code
 */
export async function create(
  given: Options,
  host: Host,
  packageRoot = ownPackageRoot(),
): Promise<number> {
  const options = await inProjectRoot(given, host);
  if (options.directory === undefined) requireAnswers(options, host);
  if (options.name !== undefined) checkProjectName(options.name, "--name");
  const wanted = await askDirectory(options, host, packageRoot, (answer) =>
    findPlace(answer, options, host, ""),
  );
  const { target, name } = await findPlace(wanted, options, host, "--name");
  if (target.kind === "ours") {
    refuseAnswers(options);
    return update(target, options, host, packageRoot);
  }
  requireAnswers(options, host);
  if (target.kind === "foreign") await checkMerge(target, options, host);
  const { createNew } = await import("./new/create-new.ts");
  await createNew({ target, name, options, host, packageRoot });
  return 0;
}

/**
 * In the root of a project, a run that names no folder is for that project.
 *
 * @throws UsageError below the root
 */
async function inProjectRoot(options: Options, { cwd }: Host): Promise<Options> {
  if (options.directory !== undefined || options.name !== undefined) return options;
  const project = await projectAround(cwd);
  if (project === undefined) return options;
  if (project !== cwd) throw insideProject(project, cwd);
  return { ...options, directory: "." };
}

/** With the version that the project has installed, since `npm run generate` there uses that. */
async function update(
  target: Target,
  options: Options,
  host: Host,
  packageRoot: string,
): Promise<number> {
  const { runOwnCopy, versionGap, versionGapText } = await import("./new/own-copy.ts");
  const { version } = packageManifest(packageRoot);
  const gap = await versionGap(target.path, version);
  if (gap.copy !== undefined) {
    host.note(
      `Running create-grpc-service ${gap.copy.version}, which this project has installed.\n`,
    );
    return runOwnCopy(gap.copy, [target.path, ...updateFlags(options)], host.cwd);
  }
  const text = versionGapText(gap, version);
  if (text !== "") host.note(text);
  const { growProject } = await import("./update/grow-project.ts");
  const run = (host: Host) => growProject({ target, options, host });
  if (options.dryRun) return run(host);
  const { withProjectLock } = await import("./disk/project-lock.ts");
  return withProjectLock(target.path, "create-grpc-service", host, run);
}

/** The flags that an existing project takes. */
function updateFlags({ proto, importPaths, yes, force, dryRun }: Options): string[] {
  return [
    ...proto.map((path) => `--proto=${path}`),
    ...importPaths.map((path) => `--import-path=${path}`),
    ...(yes ? ["--yes"] : []),
    ...(force ? ["--force"] : []),
    ...(dryRun ? ["--dry-run"] : []),
  ];
}

/** Folder and name of a project. */
interface Place {
  readonly target: Target;
  readonly name: string;
}

/**
 * Finds the place for a folder, or for the scoped name that the folder is derived from.
 *
 * @param flag the flag that can set the name, for messages
 * @throws UsageError when no project can be created there.
 */
async function findPlace(
  wanted: string,
  options: Options,
  { cwd }: Host,
  flag: string,
): Promise<Place> {
  const target = await inspectTarget(folderName(wanted), cwd, options.name !== undefined);
  if (target.path === cwd && target.kind !== "ours") {
    const project = await projectAround(cwd);
    if (project !== undefined) throw insideProject(project, cwd);
  }
  const name = options.name ?? projectName(wanted, cwd);
  // An existing project keeps its name.
  return { target, name: target.kind === "ours" ? name : checkProjectName(name, flag) };
}

/** A run in a folder of a project is meant for that project. To make one inside another, name its folder. */
function insideProject(project: string, cwd: string): UsageError {
  const update = `create-grpc-service ${shellWord(relative(cwd, project))}`;
  return new UsageError(
    `this folder lies in the project at ${printable(project)}; to update that, run ${update}; for a new project, name a new folder`,
  );
}

/** Writes into a folder with other files only with consent. */
async function checkMerge(target: Target, options: Options, host: Host): Promise<void> {
  if (options.force) return;
  const shown = printable(target.shown);
  if (!host.interactive || options.yes) {
    throw new UsageError(
      `${shown} is not empty; --force adds the missing files and keeps the existing ones`,
    );
  }
  if (!(await askMerge(shown, host))) throw new UsageError(`${shown} was not changed`);
}

/** @throws UsageError for an answer that shapes a new project and would change nothing here. */
function refuseAnswers(options: Options): void {
  const chosen = [...options.additions].map(([name, is]) => (is ? `--${name}` : `--no-${name}`));
  const given = [
    options.starter !== undefined && "--starter",
    options.fromServer !== undefined && "--from-server",
    options.name !== undefined && "--name",
    options.packageManager !== undefined && "--package-manager",
    options.self !== undefined && "--self",
    options.runtime !== undefined && "--runtime",
    options.install === true && "--install",
    options.git === true && "--git",
    ...chosen,
  ];
  const [flag] = given.filter((name) => name !== false);
  if (flag === undefined) return;
  throw new UsageError(`${flag} is only for new projects, and this folder already has a project`);
}
