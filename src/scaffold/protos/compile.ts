import { resolve } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { collectSources } from "./collect.ts";
import type { Compiled } from "./compiled.ts";
import { type Input, inspectImportPath, inspectInput } from "./inputs.ts";
import { shownPath } from "./paths.ts";
import { foldersAround } from "./roots.ts";
import { findDependent } from "./workspace.ts";

export interface CompileOptions {
  readonly proto: readonly string[];
  readonly importPaths: readonly string[];
  readonly cwd: string;
  readonly signal: AbortSignal;
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
  const sources = await collectSources(inputs, importPaths, cwd);
  const protoFiles = new Map([...sources].map(([path, { content }]) => [path, content] as const));
  const { compileFiles } = await import("./compiler.ts");
  return compileFiles(protoFiles, signal, {
    shown: (path) => sources.get(path)?.shown ?? path,
    dependent: () => dependentFolder(inputs, cwd),
  });
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
}: Omit<CompileOptions, "signal">): Promise<string[]> {
  const inputs = await Promise.all(proto.map((value) => inspectInput(value, cwd)));
  const [first] = inputs;
  if (first?.kind === "descriptors") return [first.path];
  const roots = importPaths.map((path) => resolve(cwd, path));
  const sources = await collectSources(inputs, roots, cwd);
  return [...sources.values()].map(({ shown }) => resolve(cwd, shown));
}

async function dependentFolder(inputs: readonly Input[], cwd: string): Promise<string | undefined> {
  for (const input of inputs) {
    const folder = await findDependent(foldersAround(input));
    if (folder !== undefined) return shownPath(folder, cwd) || ".";
  }
  return undefined;
}
