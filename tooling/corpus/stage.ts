import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache.ts";
import type { Corpus, ProtoRoot } from "./corpora.ts";
import { unpack } from "./packages.ts";

/** The protos of a corpus, gathered under one import root. */
export interface StagedProtos {
  /** The import root. */
  readonly folder: string;
  /** Import paths of the files to generate code for, sorted. */
  readonly files: readonly string[];
  /** Files of the package that import what it does not ship. */
  readonly leftOut: readonly string[];
}

/** Copies the protos of a corpus and all they import into `<cache>/<corpus>/proto`. */
export async function stage(corpus: Corpus): Promise<StagedProtos> {
  const folder = join(corpusFolder(corpus), "proto");
  await rm(folder, { recursive: true, force: true });
  const own = await copyRoots(corpus.roots, folder, corpus.fix, new Set());
  const others = await copyRoots(corpus.imports ?? [], folder, undefined, own);
  const incomplete = await removeIncomplete(folder, new Set([...own, ...others]));
  const files = [...own].filter((path) => !incomplete.has(path)).sort();
  return { folder, files, leftOut: [...own].filter((path) => incomplete.has(path)) };
}

export function corpusFolder(corpus: Corpus): string {
  return join(cacheFolder, corpus.name.replace(/[^a-z0-9-]+/gi, "-").replace(/^-/, ""));
}

/** Removes files whose imports, or the imports of these, are missing; returns which. */
async function removeIncomplete(
  folder: string,
  paths: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const imports = new Map<string, string[]>();
  for (const path of paths) {
    const text = await readFile(join(folder, path), "utf8");
    const found = text.matchAll(/^\s*import\s+(?:\w+\s+)?"([^"]+)"/gm);
    imports.set(
      path,
      [...found].map(([, imported = ""]) => imported),
    );
  }
  const removed = new Set<string>();
  for (let before = -1; before !== removed.size; ) {
    before = removed.size;
    for (const [path, imported] of imports) {
      const isThere = (name: string) =>
        name.startsWith("google/protobuf/") || (imports.has(name) && !removed.has(name));
      if (!imported.every(isThere)) removed.add(path);
    }
  }
  await Promise.all([...removed].map((path) => rm(join(folder, path))));
  return removed;
}

/** Copies the protos that are not there yet and returns their import paths. */
async function copyRoots(
  roots: readonly ProtoRoot[],
  target: string,
  fix: Corpus["fix"],
  there: ReadonlySet<string>,
): Promise<Set<string>> {
  const copied = new Set<string>();
  for (const root of roots) {
    const source = join(await unpack(root.package), root.folder);
    for (const path of await protosIn(source, root.only)) {
      if (there.has(path) || copied.has(path)) continue;
      const text = await readFile(join(source, path), "utf8");
      await mkdir(dirname(join(target, path)), { recursive: true });
      await writeFile(join(target, path), fix === undefined ? text : fix(text));
      copied.add(path);
    }
  }
  return copied;
}

/** Import paths below a root, without the well-known types, which every compiler has. */
async function protosIn(root: string, only: readonly string[] | undefined): Promise<string[]> {
  const names = await readdir(root, { recursive: true, encoding: "utf8" });
  const paths = names
    .filter((name) => name.endsWith(".proto"))
    .map((name) => name.replaceAll("\\", "/"));
  return paths
    .filter((path) => !path.startsWith("google/protobuf/"))
    .filter((path) => only === undefined || only.some((folder) => path.startsWith(`${folder}/`)))
    .sort();
}
