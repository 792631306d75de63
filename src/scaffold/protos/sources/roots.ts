import { dirname } from "node:path";
import { isWellKnown } from "../names.ts";
import type { ImportSearch } from "./import-search.ts";
import { isInside } from "./paths.ts";
import type { ProtoSource } from "./proto-source.ts";
import { fileIn, packageRootOf, plainRoot, type Root } from "./root.ts";
import { foldersAbove, rootsAround, type Surroundings } from "./surroundings.ts";
import { Workspaces } from "./workspace.ts";

/** Where a file belongs, before imports are looked at. */
export type Place =
  | { readonly kind: "given" | "module"; readonly root: Root }
  /** It lies in a buf workspace, but no module has it. */
  | { readonly kind: "outside" }
  | { readonly kind: "open" };

/** Finds the roots of files: the folders that import paths are relative to. */
export class RootFinder {
  readonly #importPaths: readonly Root[];
  readonly #search: ImportSearch;
  readonly #workspaces = new Workspaces();
  readonly #around = new Map<string, Promise<readonly Root[]>>();

  /** @param importPaths absolute paths of `-I` */
  constructor(importPaths: readonly string[], search: ImportSearch) {
    this.#importPaths = importPaths.map(plainRoot);
    this.#search = search;
  }

  /** The deepest `-I` above a file, else its nearest buf module. */
  async placeOf(file: string, around: Surroundings): Promise<Place> {
    const given = this.#importPaths.filter(({ folder }) => isInside(folder, file));
    const [deepest] = given.toSorted((a, b) => b.folder.length - a.folder.length);
    if (deepest !== undefined) return { kind: "given", root: deepest };
    const workspaces = await this.#workspaces.modulesAround(foldersAbove(file, around));
    for (const modules of workspaces) {
      const module = modules.find((each) => isInside(each.folder, file) && each.has(file));
      if (module !== undefined) return { kind: "module", root: plainRoot(module.folder) };
    }
    return { kind: workspaces.length > 0 ? "outside" : "open" };
  }

  /** The folders of all buf modules around a file. */
  async modulesAround(file: string, around: Surroundings): Promise<Root[]> {
    const modules = await this.#workspaces.modulesAround(foldersAbove(file, around));
    return modules.flat().map(({ folder }) => plainRoot(folder));
  }

  /** The roots around a file, the nearest first. */
  rootsAround(file: string, around: Surroundings): Promise<readonly Root[]> {
    const folder = dirname(file);
    const known = this.#around.get(folder) ?? rootsAround(file, around);
    this.#around.set(folder, known);
    return known;
  }

  /**
   * The root by which the most imports of the files of one folder resolve: of several, the one that fits the
   * package, else the nearest. Undefined if no import resolves.
   */
  async votedRoot(files: readonly ProtoSource[], around: Surroundings): Promise<Root | undefined> {
    const [first] = files;
    if (first === undefined) return undefined;
    const roots = await this.rootsAround(first.file, around);
    const packageRoots = files.map(({ file, header }) => packageRootOf(dirname(file), header));
    const fitting = (root: Root) => root.prefix === "" && packageRoots.includes(root.folder);
    const candidates = [...roots.filter(fitting), ...roots.filter((root) => !fitting(root))];
    const paths = await this.#openImports(files);
    let [best, most]: [Root | undefined, number] = [undefined, 0];
    for (const root of candidates) {
      const count = await this.#countBelow(root, paths, around);
      if (count > most) [best, most] = [root, count];
    }
    return best;
  }

  /** What the files import, except what every compiler has and what `-I` has. */
  async #openImports(files: readonly ProtoSource[]): Promise<string[]> {
    const paths = new Set(files.flatMap(({ header }) => header.imports));
    const open: string[] = [];
    for (const path of paths) {
      if (isWellKnown(path)) continue;
      if ((await this.#search.below(this.#importPaths, path)) === undefined) open.push(path);
    }
    return open;
  }

  async #countBelow(root: Root, paths: readonly string[], around: Surroundings): Promise<number> {
    let count = 0;
    for (const path of paths) {
      if (fileIn(root, path) === undefined) continue;
      if ((await this.#search.around([root], path, around)) !== undefined) count++;
    }
    return count;
  }
}
