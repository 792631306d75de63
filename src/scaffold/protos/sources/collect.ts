import type { Input } from "../inputs.ts";
import { isWellKnown } from "../names.ts";
import { ImportNames } from "./import-names.ts";
import { ImportSearch } from "./import-search.ts";
import { readInputFiles } from "./input-files.ts";
import { findInputRoots } from "./input-roots.ts";
import { type ProtoSource, readSource } from "./proto-source.ts";
import { type Reading, throwIfInterrupted } from "./reading.ts";
import { type Importer, Resolver } from "./resolver.ts";
import { RootFinder } from "./roots.ts";
import { Sources } from "./sources.ts";
import { foldersAbove } from "./surroundings.ts";

/** The files of inputs and their imports. */
export interface Collected {
  /** By import path. */
  readonly sources: ReadonlyMap<string, ProtoSource>;
  /** Imports that different files could be: path -> the roots of those files. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>;
  /** The folders of the inputs, each followed by those above it. */
  readonly folders: readonly string[];
}

/**
 * Collects the .proto files of the inputs and all their imports, by import path. The compiler reports
 * missing imports, because it knows their line.
 *
 * @throws InterruptedError when the signal aborts
 */
export async function collectSources(
  inputs: readonly Input[],
  importPaths: readonly string[],
  reading: Reading,
): Promise<Collected> {
  const search = new ImportSearch();
  const finder = new RootFinder(importPaths, search);
  const files = await readInputFiles(inputs, finder, reading);
  const roots = await findInputRoots(files, finder, reading);
  const names = new ImportNames();
  const importers = files.map((file) => ({ ...file, root: roots.of(file) }));
  const resolver = new Resolver(importPaths, search, finder, roots.all);
  const imported = await readImports(importers, resolver, names, reading);
  roots.learn(files, names);

  const sources = new Sources();
  const alone = files.filter(({ source }) => names.of(source) === undefined);
  for (const source of [...files.map((file) => file.source), ...imported]) {
    const path = names.of(source);
    if (path !== undefined) sources.add(path, source);
  }
  for (const file of alone) {
    if (!sources.hasCopyOf(file.source)) sources.add(roots.pathOf(file), file.source);
  }
  return {
    sources: sources.files,
    ambiguous: search.ambiguous,
    folders: files.flatMap(({ source, around }) => foldersAbove(source.file, around)),
  };
}

/** Reads the direct and indirect imports of the files, as far as they are found, and names all imported files. */
async function readImports(
  files: readonly Importer[],
  resolver: Resolver,
  names: ImportNames,
  { cwd, signal }: Reading,
): Promise<readonly ProtoSource[]> {
  const known = new Map(files.map(({ source }) => [source.identity, source] as const));
  const found = new Map<string, ProtoSource>();
  const pending = [...files];
  // The iteration includes files that are added meanwhile.
  for (const importer of pending) {
    throwIfInterrupted(signal);
    for (const path of importer.source.header.imports) {
      if (isWellKnown(path)) continue;
      const place = await resolver.find(path, importer);
      if (place === undefined) continue;
      const source = found.get(place.file) ?? (await readSource(place.file, cwd));
      found.set(place.file, source);
      names.add(source, path, importer.source.shown);
      if (known.has(source.identity)) continue;
      known.set(source.identity, source);
      pending.push({ source, around: importer.around, root: place.root });
    }
  }
  return pending.slice(files.length).map(({ source }) => source);
}
