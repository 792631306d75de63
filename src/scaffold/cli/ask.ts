import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { readCatalog } from "../templates/manifests.ts";
import {
  type PackageManagerName,
  packageManagerNames,
  runningPackageManager,
} from "../templates/package-managers.ts";
import { askAdditions } from "./ask-additions.ts";
import { askSource, defaultStarter, hasSource, type Source } from "./ask-source.ts";
import type { Options } from "./options.ts";
import { nameComplaint, projectName } from "./project-name.ts";
import { askOne, askText, askYesOrNo } from "./prompt.ts";

/** The decisions about a new project, besides its folder. */
export interface Decisions {
  readonly source: Source;
  /** Names of additions. */
  readonly additions: readonly string[];
  readonly packageManager: PackageManagerName;
  readonly install: boolean;
  readonly git: boolean;
}

/**
 * Checks that flags answer every question when there is no terminal: without `--yes`, each answer needs a
 * flag. A dry run needs no answers about the steps after writing.
 *
 * @throws UsageError that names the missing flags.
 */
export function requireAnswers(options: Options, host: Pick<Host, "interactive" | "env">): void {
  if (host.interactive || options.yes) return;
  const { install, git, dryRun } = options;
  const missing = [
    ...(options.directory === undefined && options.name === undefined ? ["[dir]"] : []),
    ...(hasSource(options) ? [] : ["--proto or --starter"]),
    ...(install === undefined && !dryRun ? ["--install or --no-install"] : []),
    ...(git === undefined && !dryRun ? ["--git or --no-git"] : []),
  ];
  if (missing.length === 0) return;
  const isUnderNpm = host.env.npm_config_yes === "true" && host.env.npm_command === "exec";
  const hint = isUnderNpm ? "; npm takes flags that are not behind -- for itself" : "";
  throw new UsageError(
    `cannot prompt without a terminal: give ${missing.join(", ")}, or --yes for the defaults${hint}`,
  );
}

/**
 * Returns the folder, or the scoped name that it is derived from: from the flags, from a prompt, or the
 * default, which is named after the starter.
 *
 * @param check rejects for an unusable folder; then the prompt is repeated
 */
export async function askDirectory(
  options: Options,
  host: Host,
  packageRoot: string,
  check: (directory: string) => Promise<unknown>,
): Promise<string> {
  if (options.directory !== undefined) return options.directory;
  if (options.name !== undefined) return options.name;
  const { starters } = readCatalog(packageRoot);
  const starter = starters.find(({ name }) => name === options.starter) ?? defaultStarter(starters);
  const defaultDirectory = `${starter.name}-service`;
  if (options.yes || !host.interactive) return defaultDirectory;
  return askText(host, {
    message: "Project folder",
    initial: defaultDirectory,
    async check(answer) {
      const fault = nameComplaint(projectName(answer, host.cwd).toLowerCase());
      if (fault !== undefined) throw new UsageError(fault);
      await check(answer);
    },
  });
}

/** Returns all other decisions about a new project. */
export async function askDecisions(
  options: Options,
  host: Host,
  packageRoot: string,
): Promise<Decisions> {
  const catalog = readCatalog(packageRoot);
  const asking = host.interactive && !options.yes;
  const askingForSteps = asking && !options.dryRun;
  const running = runningPackageManager(host.env.npm_config_user_agent);
  const source = await askSource(options, host, asking, catalog);
  return {
    source,
    additions: await askAdditions(options, host, asking, catalog, source.starter),
    packageManager:
      options.packageManager ?? running ?? (asking ? await askPackageManager(host) : "npm"),
    install:
      options.install ??
      (askingForSteps ? await askYesOrNo(host, "Install the dependencies now?") : true),
    git:
      options.git ?? (askingForSteps ? await askYesOrNo(host, "Create a git repository?") : true),
  };
}

function askPackageManager(host: Host): Promise<PackageManagerName> {
  const choices = packageManagerNames.map((name) => ({ title: name, value: name }));
  return askOne(host, "Package manager", choices);
}

/** Asks whether to add the missing files to a folder with other files. */
export async function askMerge(shown: string, host: Host): Promise<boolean> {
  return askOne(host, `${shown} is not empty`, [
    { title: "Cancel", value: false },
    { title: "Add the missing files, keep every existing one", value: true },
  ]);
}
