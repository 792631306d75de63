import type { PromptObject } from "prompts";
import { type AdditionName, additionNames } from "./additions.ts";
import { inspectInput } from "./compile/inputs.ts";
import { InterruptedError, UsageError } from "./errors.ts";
import type { Host } from "./host.ts";
import type { Options } from "./options.ts";
import {
  type PackageManagerName,
  packageManagerNames,
  runningPackageManager,
} from "./package-managers.ts";
import { nameComplaint } from "./project-name.ts";

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
 * given by a flag.
 *
 * @throws UsageError naming the flags that are missing.
 */
export function requireAnswers(options: Options, host: Pick<Host, "interactive">): void {
  if (host.interactive || options.yes) return;
  const missing = [
    ...(options.directory === undefined && options.name === undefined ? ["[dir]"] : []),
    ...(hasSource(options) ? [] : ["--proto or --starter"]),
    ...(options.install === undefined ? ["--install or --no-install"] : []),
    ...(options.git === undefined ? ["--git or --no-git"] : []),
  ];
  if (missing.length === 0) return;
  throw new UsageError(
    `nobody to ask (no terminal): give ${missing.join(", ")}, or --yes for the defaults`,
  );
}

/** The folder, or the scoped name that it is derived from: given, asked for, or the default. */
export async function askDirectory(options: Options, host: Host): Promise<string> {
  if (options.directory !== undefined) return options.directory;
  if (options.name !== undefined) return options.name;
  if (options.yes || !host.interactive) return defaultDirectory;
  return ask<string>(host, {
    type: "text",
    name: "answer",
    message: "Folder of the project",
    initial: defaultDirectory,
    validate: (value: string) => value === "." || (nameComplaint(value.toLowerCase()) ?? true),
  });
}

/** Everything else about a new project. */
export async function askDecisions(
  options: Options,
  host: Host,
  packageRoot: string,
): Promise<Decisions> {
  const asking = host.interactive && !options.yes;
  const running = runningPackageManager(host.env.npm_config_user_agent);
  return {
    source: await askSource(options, host, asking, packageRoot),
    additions: await askAdditions(options, host, asking),
    packageManager:
      options.packageManager ?? running ?? (asking ? await askPackageManager(host) : "npm"),
    install:
      options.install ?? (asking ? await confirm(host, "Install the dependencies now?") : true),
    git: options.git ?? (asking ? await confirm(host, "Make it a git repository?") : true),
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
  const { starterNames } = await import("./templates.ts");
  const starter = await ask<string>(host, {
    type: "select",
    name: "answer",
    message: "Begin with",
    choices: [
      ...starterNames(packageRoot).map((name) => ({
        title: `the ${name} starter, a service that works`,
        value: name,
      })),
      { title: "a proto of mine", value: "" },
    ],
  });
  if (starter !== "") return { proto: [], starter };
  const proto = await ask<string>(host, {
    type: "text",
    name: "answer",
    message: "Path of the .proto file, folder or descriptor set",
    validate: (value: string) =>
      inspectInput(value, host.cwd).then(
        () => true,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
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
          hint: "space to choose, enter to go on; nothing is fine",
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
      { title: "Add the files that are missing, keep every file that is there", value: true },
    ],
  });
}

function confirm(host: Host, message: string): Promise<boolean> {
  return ask<boolean>(host, { type: "confirm", name: "answer", message, initial: true });
}

function hasSource(options: Options): boolean {
  return options.proto.length > 0 || options.starter !== undefined;
}

/**
 * Asks one question. `prompts` types its answers as any: the question says what it is. A terminal
 * hands Ctrl-C to the prompt as a key; a signal from elsewhere has to be handed on.
 *
 * @throws InterruptedError when the question is left by key or signal.
 */
async function ask<T>({ signal }: Host, question: PromptObject<"answer">): Promise<T> {
  const { default: prompts } = await import("prompts");
  if (signal.aborted) throw new InterruptedError();
  let leave = () => {};
  const onAbort = () => leave();
  signal.addEventListener("abort", onAbort);
  try {
    const { answer }: { answer?: T } = await prompts({
      ...question,
      // It is called on the prompt, the only way to get hold of that.
      onRender(this: unknown) {
        leave = () => leavePrompt(this);
      },
    });
    if (answer === undefined) throw new InterruptedError();
    return answer;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** What the prompt does on Ctrl-C: it gives the terminal back and has no answer. */
function leavePrompt(prompt: unknown): void {
  const abort: unknown = typeof prompt === "object" && prompt && Reflect.get(prompt, "abort");
  if (typeof abort === "function") Reflect.apply(abort, prompt, []);
}
