import { parseArgs } from "node:util";
import { UsageError } from "../../terminal/errors.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import type { Catalog } from "../templates/manifests.ts";
import { type PackageManagerName, packageManagerNames } from "../templates/package-managers.ts";
import { type Flag, flagGroups } from "./flags.ts";
import { refuseProtos } from "./misplaced-proto.ts";

/** The flags of the command line. For the others there is a prompt or a default. */
export interface Options {
  /** Project folder, as typed. */
  readonly directory?: string | undefined;
  /** npm name of the project; by default the name of its folder. */
  readonly name?: string | undefined;
  /** Files, folders or descriptor sets to build the service from. */
  readonly proto: readonly string[];
  /** More folders to search for imports, like protoc's `-I`. */
  readonly importPaths: readonly string[];
  /** Address of a running server to take the services from. */
  readonly fromServer?: string | undefined;
  readonly starter?: string | undefined;
  readonly packageManager?: PackageManagerName | undefined;
  /** Additions by name: true for `--<name>`, false for `--no-<name>`. */
  readonly additions: ReadonlyMap<string, boolean>;
  readonly install?: boolean | undefined;
  readonly git?: boolean | undefined;
  /** Specifier of create-grpc-service in the project's package.json. */
  readonly self?: string | undefined;
  /** Specifier of grpc-service in the project's package.json. */
  readonly runtime?: string | undefined;
  readonly yes: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
}

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "create"; readonly options: Options };

/**
 * Reads the arguments after `create-grpc-service`.
 *
 * @throws UsageError for an unknown flag, a flag without its value, a contradiction, a second folder and a
 * proto in the place of the folder
 */
export function parseCommand(args: readonly string[], catalog: Catalog): Command {
  const flags = flagGroups(catalog).flatMap((group) => group.flags);
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(flags.map((flag) => [flag.name, argOption(flag)])),
    // Unknown flags are refused below, with a suggestion.
    strict: false,
    allowNegative: true,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "option") checkFlag(token, flags);
  }
  if (values.help !== undefined) return { kind: "help" };
  if (values.version !== undefined) return { kind: "version" };
  refuseProtos(positionals);
  if (positionals.length > 1) {
    throw new UsageError(`expected one folder, not ${positionals.map(quote).join(" and ")}`);
  }
  const given: Given = (flag) => (values[flag] === undefined ? [] : [values[flag]].flat());
  return { kind: "create", options: toOptions(given, catalog, positionals[0]) };
}

/** Every flag may be repeated, so that contradictions are found. The last value of a text wins. */
function argOption({ value, short }: Flag) {
  const type: "string" | "boolean" = value === undefined ? "boolean" : "string";
  return { type, multiple: true, ...(short !== undefined && { short }) };
}

interface FlagToken {
  /** Without `no-`, depending on the version of Node.js. */
  readonly name: string;
  /** As typed. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkFlag(token: FlagToken, flags: readonly Flag[]): void {
  const { rawName, value, inlineValue } = token;
  const name = rawName.startsWith("--") ? rawName.slice(2) : token.name;
  const flag = flags.find((flag) => names(flag).includes(name));
  if (flag === undefined) {
    const near = nearest(name, flags.flatMap(names));
    const hint = near === undefined ? "see --help" : `did you mean --${near}?`;
    throw new UsageError(`unknown flag ${quote(rawName)}; ${hint}`);
  }
  if (flag.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
  } else if (value === undefined || value === "" || (!inlineValue && value.startsWith("-"))) {
    throw new UsageError(`${rawName} needs a value; see --help`);
  }
}

function names({ name, isNegatable }: Flag): string[] {
  return isNegatable ? [name, `no-${name}`] : [name];
}

/** The values of a flag, in the order of the command line. Empty if it is not given. */
type Given = (flag: string) => readonly (string | boolean | undefined)[];

function toOptions(given: Given, { additions }: Catalog, directory?: string): Options {
  const texts = (flag: string) => given(flag).map(String);
  const isGiven = (flag: string) => given(flag).length > 0;
  const proto = texts("proto");
  const starter = texts("starter").at(-1);
  const fromServer = texts("from-server").at(-1);
  if (fromServer !== undefined && (proto.length > 0 || starter !== undefined)) {
    const other = proto.length > 0 ? "--proto" : "--starter";
    throw new UsageError(`the services are those of the server: give --from-server or ${other}`);
  }
  if (starter !== undefined && proto.length > 0) {
    throw new UsageError("--starter includes its own proto: give --proto or --starter, not both");
  }
  const chosen = additions.map(({ name }) => [name, either(given, name)] as const);
  return {
    directory,
    name: texts("name").at(-1),
    proto,
    importPaths: texts("import-path"),
    fromServer,
    starter,
    packageManager: texts("package-manager").map(oneOfPackageManagers).at(-1),
    additions: new Map(chosen.flatMap(([name, is]) => (is === undefined ? [] : [[name, is]]))),
    install: either(given, "install"),
    git: either(given, "git"),
    self: texts("self").at(-1),
    runtime: texts("runtime").at(-1),
    yes: isGiven("yes"),
    force: isGiven("force"),
    dryRun: isGiven("dry-run"),
  };
}

/** `--x`, `--no-x` or neither; both at once is a contradiction. */
function either(given: Given, flag: string): boolean | undefined {
  const yes = given(flag).includes(true);
  const no = given(flag).includes(false);
  if (yes && no) throw new UsageError(`--${flag} and --no-${flag} contradict each other`);
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
