import { resolve } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import type { Patience } from "./buf.ts";
import type { Compiled, Needs } from "./compiled.ts";
import type { Origin } from "./diagnostics.ts";
import { type Input, inspectImportPath, inspectInput } from "./inputs.ts";
import { isRemote, withCopies } from "./remote.ts";
import { collectSources } from "./sources/collect.ts";
import { shownPath } from "./sources/paths.ts";
import type { ProtoSource } from "./sources/proto-source.ts";
import { findDependent } from "./sources/workspace.ts";

export interface CompileOptions {
  readonly proto: readonly string[];
  readonly importPaths: readonly string[];
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Prints progress when the compiler takes long. */
  readonly note?: ((text: string) => void) | undefined;
  readonly patience?: Patience | undefined;
  /** Default: everything. */
  readonly needs?: Needs | undefined;
}

/**
 * Compiles the files of `--proto`, with imports from `-I`. It only reads the user's files.
 *
 * @throws UsageError with `file:line:col: message` when they do not compile.
 */
export async function compileInputs(options: CompileOptions): Promise<Compiled> {
  const { cwd, signal } = options;
  const inputs = await Promise.all(options.proto.map((value) => inspectInput(value, cwd)));
  const importPaths = await Promise.all(
    options.importPaths.map((value) => inspectImportPath(value, cwd)),
  );
  const descriptors = inputs.find(({ kind }) => kind === "descriptors");
  if (descriptors !== undefined) {
    if (inputs.length > 1) {
      throw new UsageError(
        `--proto ${printable(descriptors.shown)} is a descriptor set: it must be the only --proto`,
      );
    }
    const { compileDescriptors } = await import("./compiler.ts");
    return compileDescriptors(descriptors, signal);
  }
  return withCopies(inputs, options, (local) => compileLocal(local, importPaths, options));
}

async function compileLocal(
  inputs: readonly Input[],
  importPaths: readonly string[],
  { cwd, signal, note, patience, needs }: CompileOptions,
): Promise<Compiled> {
  const { sources, ambiguous, folders } = await collectSources(inputs, importPaths, {
    cwd,
    signal,
  });
  const protoFiles = new Map([...sources].map(([path, { content }]) => [path, content] as const));
  const { compileFiles } = await import("./compiler.ts");
  const origin: Origin = {
    shown: (path) => sources.get(path)?.shown ?? path,
    folders: (path) => (ambiguous.get(path) ?? []).map((folder) => shownPath(folder, cwd) || "."),
    declaring: (name, path) => declaring(name, path, sources),
    dependent: () => dependentFolder(folders, cwd),
  };
  return compileFiles(protoFiles, signal, origin, { note, patience, needs });
}

/**
 * Absolute paths of the files that `compileInputs` reads, as far as they exist.
 *
 * @throws UsageError as `compileInputs` does for inputs that are missing
 */
export async function sourcePaths({
  proto,
  importPaths,
  cwd,
  signal,
}: CompileOptions): Promise<string[]> {
  const inputs = await Promise.all(proto.map((value) => inspectInput(value, cwd)));
  const [first] = inputs;
  if (first?.kind === "descriptors") return [first.path];
  // Nobody edits what was fetched.
  if (inputs.some(isRemote)) return [];
  const roots = importPaths.map((path) => resolve(cwd, path));
  const { sources } = await collectSources(inputs, roots, { cwd, signal });
  return [...sources.values()].map(({ file }) => file);
}

/** By its text: what does not compile has no descriptors. */
function declaring(
  name: string,
  path: string,
  sources: ReadonlyMap<string, ProtoSource>,
): readonly string[] {
  const packageName = sources.get(path)?.header.package;
  const declaration = new RegExp(`\\b(?:message|enum|service)\\s+${name}\\b|\\b${name}\\s*=`);
  return [...sources]
    .filter(([other, { header }]) => other !== path && header.package === packageName)
    .filter(([, { content }]) => declaration.test(content.toString("utf8")))
    .map(([other]) => other);
}

async function dependentFolder(
  folders: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  const folder = await findDependent([...new Set(folders)]);
  return folder && (shownPath(folder, cwd) || ".");
}
