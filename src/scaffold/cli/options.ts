import { parseArgs } from "node:util";
import { UsageError } from "../errors.ts";
import { printable } from "../printable.ts";
import { type AdditionName, additionNames } from "../templates/additions.ts";
import { type PackageManagerName, packageManagerNames } from "../templates/package-managers.ts";
import { nearest } from "./nearest.ts";

/** What the command line says; whatever is left out is asked for or has a default. */
export interface Options {
  /** Project folder, as typed. */
  readonly directory?: string;
  /** npm name of the project; by default the name of its folder. */
  readonly name?: string;
  /** Files, folders or descriptor sets to build the service from. */
  readonly proto: readonly string[];
  /** Further folders in which imports are looked up, like protoc's `-I`. */
  readonly importPaths: readonly string[];
  readonly starter?: string;
  readonly packageManager?: PackageManagerName;
  /** Backing services that were said to be wanted, or not to be. */
  readonly additions: ReadonlyMap<AdditionName, boolean>;
  readonly install?: boolean;
  readonly git?: boolean;
  /** How the project's package.json finds create-grpc-service. */
  readonly self?: string;
  readonly yes: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
}

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "create"; readonly options: Options };

const flags = {
  name: { type: "string" },
  proto: { type: "string", multiple: true },
  "import-path": { type: "string", multiple: true, short: "I" },
  starter: { type: "string" },
  "package-manager": { type: "string" },
  postgres: { type: "boolean" },
  "no-postgres": { type: "boolean" },
  redis: { type: "boolean" },
  "no-redis": { type: "boolean" },
  install: { type: "boolean" },
  "no-install": { type: "boolean" },
  git: { type: "boolean" },
  "no-git": { type: "boolean" },
  self: { type: "string" },
  yes: { type: "boolean", short: "y" },
  force: { type: "boolean" },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/**
 * Reads the arguments after `create-grpc-service`.
 *
 * @throws UsageError for an unknown flag, a flag without its value and a second folder.
 */
export function parseCommand(args: readonly string[]): Command {
  const { tokens } = parseArgs({
    args: [...args],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const folders: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") folders.push(token.value);
    if (token.kind === "option") {
      const value = flagValue(token.name, token.rawName, token.value, token.inlineValue);
      values.set(token.name, [...(values.get(token.name) ?? []), value]);
    }
  }
  if (values.has("help")) return { kind: "help" };
  if (values.has("version")) return { kind: "version" };
  if (folders.length > 1) {
    throw new UsageError(`one folder at a time, not ${folders.map(quote).join(" and ")}`);
  }
  return { kind: "create", options: toOptions(values, folders[0]) };
}

function flagValue(
  name: string,
  rawName: string,
  value: string | undefined,
  inlineValue: boolean | undefined,
): string {
  const flag = Object.entries(flags).find(([known]) => known === name)?.[1];
  if (flag === undefined) {
    const near = nearest(name, Object.keys(flags));
    const hint = near === undefined ? "see --help" : `did you mean --${near}?`;
    throw new UsageError(`unknown flag ${quote(rawName)}; ${hint}`);
  }
  if (flag.type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    return "";
  }
  if (value === undefined || value === "" || (inlineValue !== true && value.startsWith("-"))) {
    throw new UsageError(`${rawName} needs a value; see --help`);
  }
  return value;
}

function toOptions(values: ReadonlyMap<string, readonly string[]>, folder?: string): Options {
  const name = values.get("name")?.at(-1);
  const starter = values.get("starter")?.at(-1);
  const self = values.get("self")?.at(-1);
  const packageManager = values.get("package-manager")?.at(-1);
  const install = either(values, "install");
  const git = either(values, "git");
  const proto = values.get("proto") ?? [];
  if (starter !== undefined && proto.length > 0) {
    throw new UsageError("--starter brings its own proto: give --proto or --starter, not both");
  }
  return {
    ...(folder !== undefined && { directory: folder }),
    ...(name !== undefined && { name }),
    proto,
    importPaths: values.get("import-path") ?? [],
    ...(starter !== undefined && { starter }),
    ...(packageManager !== undefined && { packageManager: oneOfPackageManagers(packageManager) }),
    additions: additionsOf(values),
    ...(install !== undefined && { install }),
    ...(git !== undefined && { git }),
    ...(self !== undefined && { self }),
    yes: values.has("yes"),
    force: values.has("force"),
    dryRun: values.has("dry-run"),
  };
}

function additionsOf(values: ReadonlyMap<string, unknown>): Map<AdditionName, boolean> {
  const said = new Map<AdditionName, boolean>();
  for (const name of additionNames) {
    const wanted = either(values, name);
    if (wanted !== undefined) said.set(name, wanted);
  }
  return said;
}

/** `--x`, `--no-x` or neither; both at once is a contradiction. */
function either(values: ReadonlyMap<string, unknown>, name: string): boolean | undefined {
  const yes = values.has(name);
  const no = values.has(`no-${name}`);
  if (yes && no) throw new UsageError(`--${name} and --no-${name} contradict each other`);
  return yes ? true : no ? false : undefined;
}

function oneOfPackageManagers(value: string): PackageManagerName {
  const found = packageManagerNames.find((name) => name === value);
  if (found !== undefined) return found;
  const near = nearest(value, packageManagerNames);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new UsageError(
    `--package-manager ${quote(value)} is not one of ${packageManagerNames.join(", ")}${hint}`,
  );
}

function quote(text: string): string {
  return `"${printable(text)}"`;
}
