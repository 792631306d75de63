import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { findImport } from "./find-import.ts";
import type { Input } from "./inputs.ts";
import { isWellKnown } from "./names.ts";
import { importPathOf } from "./paths.ts";
import { headerOf, maxFiles, type ProtoSource, readSource } from "./proto-source.ts";
import { rootFiles } from "./roots.ts";

/**
 * Collects the .proto files of the inputs and all their imports, by import path. The compiler reports
 * missing imports, because it knows their line.
 */
export async function collectSources(
  inputs: readonly Input[],
  importPaths: readonly string[],
  cwd: string,
): Promise<Map<string, ProtoSource>> {
  const sources = new Map<string, ProtoSource>();
  const roots: string[] = [];
  for (const input of inputs) {
    const rooted = await rootFiles(input, importPaths, cwd);
    if (rooted.every(({ files }) => files.length === 0)) {
      throw new UsageError(`--proto ${printable(input.shown)} has no .proto file in it`);
    }
    for (const { root, files } of rooted) {
      if (!roots.includes(root)) roots.push(root);
      for (const file of files) {
        addSource(sources, importPathOf(root, file), await readSource(file, cwd));
      }
    }
  }
  await addImports(sources, [...importPaths, ...roots], cwd);
  return sources;
}

/** Adds the direct and indirect imports of the sources, as far as they are found. */
async function addImports(
  sources: Map<string, ProtoSource>,
  roots: readonly string[],
  cwd: string,
): Promise<void> {
  // The iteration includes entries that are added meanwhile.
  for (const source of sources.values()) {
    for (const path of headerOf(source).imports) {
      if (sources.has(path) || isWellKnown(path)) continue;
      const file = await findImport(path, roots);
      if (file !== undefined) addSource(sources, path, await readSource(file, cwd));
    }
  }
}

function addSource(sources: Map<string, ProtoSource>, path: string, source: ProtoSource): void {
  if (isWellKnown(path)) return;
  const known = sources.get(path);
  if (known !== undefined && !known.content.equals(source.content)) {
    throw new UsageError(`${known.shown} and ${source.shown} would both be proto/${path}`);
  }
  sources.set(path, source);
  if (sources.size > maxFiles) {
    throw new UsageError(`more than ${maxFiles} .proto files; pass only the ones you need`);
  }
}
