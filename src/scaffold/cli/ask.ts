import { UsageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { inspectInput } from "../protos/inputs.ts";
import { type AdditionName, additionNames } from "../templates/additions.ts";
import {
  type PackageManagerName,
  packageManagerNames,
  runningPackageManager,
} from "../templates/package-managers.ts";
import type { Options } from "./options.ts";
import { nameComplaint, projectName } from "./project-name.ts";
import { ask, complaint } from "./prompt.ts";

/** Where the service comes from: protos of the user, or a starter. */
export interface Source {
  readonly proto: readonly string[];
  readonly starter: string;
}

/** What is left to decide once the folder is known. */
export interface Decisions {
  readonly source: Source;
  readonly additions: readonly AdditionName[];
  readonly packageManager: PackageManagerName;
  readonly install: boolean;
  readonly git: boolean;
}

const defaultDirectory = "user-service";
const defaultStarter = "user";

/**
 * Without a terminal nothing is asked: either `--yes` stands for every default, or each answer is
 * given by a flag. A dry run takes no step after writing, and needs no answers about them.
 *
 * @throws UsageError naming the flags that are missing.
 */
export function requireAnswers(options: Options, host: Pick<Host, "interactive">): void {
  if (host.interactive || options.yes) return;
  const { install, git, dryRun } = options;
  const missing = [
    ...(options.directory === undefined && options.name === undefined ? ["[dir]"] : []),
    ...(hasSource(options) ? [] : ["--proto or --starter"]),
    ...(install === undefined && !dryRun ? ["--install or --no-install"] : []),
    ...(git === undefined && !dryRun ? ["--git or --no-git"] : []),
  ];
  if (missing.length === 0) return;
  throw new UsageError(
    `no terminal to ask in: give ${missing.join(", ")}, or --yes for the defaults`,
  );
}

/**
 * The folder, or the scoped name that it is derived from: given, asked for, or the default.
 *
 * @param check rejects for a folder that will not do: then it is asked for again
 */
export async function askDirectory(
  options: Options,
  host: Host,
  check: (directory: string) => Promise<unknown>,
): Promise<string> {
  if (options.directory !== undefined) return options.directory;
  if (options.name !== undefined) return options.name;
  if (options.yes || !host.interactive) return defaultDirectory;
  return ask<string>(host, {
    type: "text",
    name: "answer",
    message: "Project folder",
    initial: defaultDirectory,
    validate: (answer: string) =>
      complaint(host, async () => {
        const fault = nameComplaint(projectName(answer, host.cwd).toLowerCase());
        if (fault !== undefined) throw new UsageError(fault);
        await check(answer);
      }),
  });
}

/** Everything else about a new project. */
export async function askDecisions(
  options: Options,
  host: Host,
  packageRoot: string,
): Promise<Decisions> {
  const asking = host.interactive && !options.yes;
  const askingForSteps = asking && !options.dryRun;
  const running = runningPackageManager(host.env.npm_config_user_agent);
  return {
    source: await askSource(options, host, asking, packageRoot),
    additions: await askAdditions(options, host, asking),
    packageManager:
      options.packageManager ?? running ?? (asking ? await askPackageManager(host) : "npm"),
    install:
      options.install ??
      (askingForSteps ? await confirm(host, "Install the dependencies now?") : true),
    git: options.git ?? (askingForSteps ? await confirm(host, "Create a git repository?") : true),
  };
}

async function askSource(
  options: Options,
  host: Host,
  asking: boolean,
  packageRoot: string,
): Promise<Source> {
  if (hasSource(options)) return { proto: options.proto, starter: options.starter ?? "" };
  if (!asking) return { proto: [], starter: defaultStarter };
  const { starterNames } = await import("../templates/templates.ts");
  const starter = await ask<string>(host, {
    type: "select",
    name: "answer",
    message: "Start from",
    choices: [
      ...starterNames(packageRoot).map((name) => ({
        title: `the ${name} starter, a working example`,
        value: name,
      })),
      { title: "a proto of my own", value: "" },
    ],
  });
  if (starter !== "") return { proto: [], starter };
  const proto = await ask<string>(host, {
    type: "text",
    name: "answer",
    message: "Path to the .proto file, folder or descriptor set",
    validate: (answer: string) =>
      complaint(host, async () => {
        if (answer.trim() === "") throw new UsageError("there is nothing to build a service from");
        await inspectInput(answer, host.cwd, "");
        // Said now, a fault can be mended at once: later, all answers would have to be given again.
        const { compileInputs } = await import("../protos/compile.ts");
        const { importPaths } = options;
        await compileInputs({ proto: [answer], importPaths, cwd: host.cwd, signal: host.signal });
      }),
  });
  return { proto: [proto], starter: "" };
}

const additionTitles: Readonly<Record<AdditionName, string>> = {
  postgres: "PostgreSQL",
  redis: "Redis",
};

/** Asks for what no flag has decided; nothing is added unasked. */
async function askAdditions(
  { additions }: Options,
  host: Host,
  asking: boolean,
): Promise<AdditionName[]> {
  const open = additionNames.filter((name) => !additions.has(name));
  const wanted =
    asking && open.length > 0
      ? await ask<AdditionName[]>(host, {
          type: "multiselect",
          name: "answer",
          message: "What else does it need?",
          instructions: false,
          hint: "space to select, enter to continue; none is fine",
          choices: open.map((name) => ({ title: additionTitles[name], value: name })),
        })
      : [];
  return additionNames.filter((name) => additions.get(name) ?? wanted.includes(name));
}

function askPackageManager(host: Host): Promise<PackageManagerName> {
  return ask<PackageManagerName>(host, {
    type: "select",
    name: "answer",
    message: "Package manager",
    choices: packageManagerNames.map((name) => ({ title: name, value: name })),
  });
}

/** What to do with a folder that holds other files: write the files that it does not have, or not. */
export async function askMerge(shown: string, host: Host): Promise<boolean> {
  return ask<boolean>(host, {
    type: "select",
    name: "answer",
    message: `${shown} is not empty`,
    choices: [
      { title: "Cancel", value: false },
      { title: "Add the missing files, keep every existing one", value: true },
    ],
  });
}

function confirm(host: Host, message: string): Promise<boolean> {
  return ask<boolean>(host, { type: "confirm", name: "answer", message, initial: true });
}

function hasSource(options: Options): boolean {
  return options.proto.length > 0 || options.starter !== undefined;
}
