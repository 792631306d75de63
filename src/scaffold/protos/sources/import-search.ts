import { stat } from "node:fs/promises";
import { basename, sep } from "node:path";
import { readIfPresent } from "../../disk/plan.ts";
import { importableFilesIn } from "./proto-folder.ts";
import { fileIn, isPlain, plainRoot, type Root } from "./root.ts";
import { isAround, type Surroundings } from "./surroundings.ts";

/** A file, and the root by which it was found. */
export interface Found {
  readonly file: string;
  readonly root: Root;
}

/** Finds imported files. It remembers what exists. */
export class ImportSearch {
  readonly #exists = new Map<string, Promise<boolean>>();
  readonly #repositories = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  /** Imports that different files of a repository could be: path -> the roots of those files. */
  readonly ambiguous = new Map<string, readonly string[]>();

  /** The file below the first root that has it. Undefined if it does not exist. */
  async below(roots: readonly Root[], path: string): Promise<Found | undefined> {
    for (const root of roots) {
      const file = fileIn(root, path);
      if (file !== undefined && (await this.#isFile(file))) return { file, root };
    }
    return undefined;
  }

  /** The file below the first root around an importing file. */
  async around(
    roots: readonly Root[],
    path: string,
    around: Surroundings,
  ): Promise<Found | undefined> {
    const found = await this.below(roots, path);
    return found !== undefined && isAround(found.file, around) ? found : undefined;
  }

  /**
   * The file of a repository whose path ends with the path of an import, the nearest to the importing file.
   * Undefined if different files are as near as each other.
   */
  async anywhere(
    path: string,
    importer: string,
    { top, isRepository }: Surroundings,
  ): Promise<Found | undefined> {
    if (!isRepository || !isPlain(path)) return undefined;
    const byName = await this.#filesOf(top);
    const ending = sep + path.split("/").join(sep);
    const files = (byName.get(basename(path)) ?? []).filter((file) => file.endsWith(ending));
    const [file, ...others] = nearest(files, importer);
    if (file === undefined) return undefined;
    const rootOf = (each: string) => each.slice(0, -ending.length);
    if (!(await areSame([file, ...others]))) {
      this.ambiguous.set(path, [file, ...others].map(rootOf));
      return undefined;
    }
    return { file, root: plainRoot(rootOf(file)) };
  }

  #isFile(file: string): Promise<boolean> {
    const known =
      this.#exists.get(file) ??
      stat(file).then(
        (entry) => entry.isFile(),
        () => false,
      );
    this.#exists.set(file, known);
    return known;
  }

  /** The files of a repository by their names. */
  #filesOf(top: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const known = this.#repositories.get(top) ?? importableFilesIn(top).then(byBaseName);
    this.#repositories.set(top, known);
    return known;
  }
}

function byBaseName(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const group = groups.get(basename(file)) ?? [];
    group.push(file);
    groups.set(basename(file), group);
  }
  return groups;
}

/** Those of the files that share the most folders with another one. */
function nearest(files: readonly string[], other: string): string[] {
  const shared = files.map((file) => sharedFolders(file, other));
  const most = Math.max(...shared);
  return files.filter((_, index) => shared[index] === most);
}

function sharedFolders(file: string, other: string): number {
  const [folders, others] = [file.split(sep), other.split(sep)];
  const different = folders.findIndex((folder, index) => folder !== others[index]);
  return different === -1 ? folders.length : different;
}

async function areSame(files: readonly string[]): Promise<boolean> {
  if (files.length === 1) return true;
  const [first, ...others] = await Promise.all(files.map((file) => readIfPresent(file)));
  return others.every((other) => other !== undefined && first?.equals(other) === true);
}
