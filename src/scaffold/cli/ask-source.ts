import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import { inspectImportPath, inspectInput } from "../protos/inputs.ts";
import { MissingImportsError } from "../protos/missing-imports.ts";
import type { Catalog, Manifest } from "../templates/manifests.ts";
import type { Options } from "./options.ts";
import { askOne, askText, showProblem } from "./prompt.ts";

/** The source of the service: protos of the user, a running server, or a starter. */
export interface Source {
  readonly proto: readonly string[];
  /** Folders to search for imports. */
  readonly importPaths: readonly string[];
  /** Name, or "". */
  readonly starter: string;
  /** Address of a running server. */
  readonly server?: string;
}

export function hasSource({
  proto,
  starter,
  fromServer,
}: Pick<Options, "proto" | "starter" | "fromServer">): boolean {
  return proto.length > 0 || starter !== undefined || fromServer !== undefined;
}

/** @throws UsageError for an unknown starter. */
export async function askSource(
  options: Options,
  host: Host,
  asking: boolean,
  { starters }: Pick<Catalog, "starters">,
): Promise<Source> {
  const { proto, importPaths, starter, fromServer } = options;
  const names = starters.map(({ name }) => name);
  if (starter !== undefined) checkStarter(names, starter);
  if (fromServer !== undefined) return { proto, importPaths, starter: "", server: fromServer };
  if (starter !== undefined) return { proto, importPaths, starter };
  if (proto.length > 0) {
    return {
      proto,
      importPaths: asking ? await askImportPaths(options, host) : importPaths,
      starter: "",
    };
  }
  const chosen = asking ? await askStart(host, starters) : defaultStarter(starters).name;
  if (chosen !== "") return { proto: [], importPaths, starter: chosen };
  return { ...(await askProto(options, host)), starter: "" };
}

/** Name of a starter, or "" for a proto. */
function askStart(host: Host, starters: readonly Manifest[]): Promise<string> {
  const choices = starters.map(({ title, name }) => ({ title, value: name }));
  const own = { title: "a proto of my own", value: "" };
  return askOne(host, "Start from", [...choices, own], defaultStarter(starters).name);
}

/** The starter that is used without a prompt. @throws Error if no manifest is the default */
export function defaultStarter(starters: readonly Manifest[]): Manifest {
  const found = starters.find(({ isDefault }) => isDefault);
  if (found === undefined) throw new Error("templates/starters: no manifest has default: true");
  return found;
}

/**
 * Prompts for a proto, and for the folders of its imports if they are missing. It is compiled here: after a
 * later error, the user would have to answer all prompts again.
 */
async function askProto(options: Options, host: Host): Promise<Omit<Source, "starter">> {
  const answer = await askText(host, {
    message: "Path to the .proto file, folder or descriptor set",
    async check(answer) {
      if (answer.trim() === "") throw new UsageError("enter a path to a .proto file");
      await inspectInput(answer, host.cwd, "");
      await missingImports([answer], options.importPaths, host);
    },
  });
  const proto = [answer];
  return { proto, importPaths: await askImportPaths({ ...options, proto }, host) };
}

/** Prompts for folders until all imports are found. */
async function askImportPaths(
  { proto, importPaths }: Pick<Options, "proto" | "importPaths">,
  host: Host,
): Promise<readonly string[]> {
  const paths = [...importPaths];
  for (;;) {
    const missing = await missingImports(proto, paths, host);
    if (missing === undefined) return paths;
    showProblem(host, missing);
    const answer = await askText(host, {
      message: "Folder with the missing imports",
      async check(answer) {
        if (answer.trim() === "") throw new UsageError("enter a folder, or press Ctrl-C");
        await inspectImportPath(answer, host.cwd);
      },
    });
    paths.push(answer);
  }
}

/** @throws UsageError for any other problem of the protos */
async function missingImports(
  proto: readonly string[],
  importPaths: readonly string[],
  { cwd, signal, note }: Host,
): Promise<MissingImportsError | undefined> {
  const { compileInputs } = await import("../protos/compile.ts");
  try {
    await compileInputs({ proto, importPaths, cwd, signal, note });
    return undefined;
  } catch (error) {
    if (error instanceof MissingImportsError) return error;
    throw error;
  }
}

function checkStarter(names: readonly string[], starter: string): void {
  if (names.includes(starter)) return;
  const near = nearest(starter, names);
  const hint = near === undefined ? `available: ${names.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`no starter "${printable(starter)}"; ${hint}`);
}
