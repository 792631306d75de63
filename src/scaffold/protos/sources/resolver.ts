import type { Found, ImportSearch } from "./import-search.ts";
import type { ProtoSource } from "./proto-source.ts";
import { plainRoot, type Root } from "./root.ts";
import type { RootFinder } from "./roots.ts";
import type { Surroundings } from "./surroundings.ts";

/** A file that imports others. */
export interface Importer {
  readonly source: ProtoSource;
  readonly around: Surroundings;
  /** The root of the file, if it is known. */
  readonly root: Root | undefined;
}

/** Where imports are searched, in this order. */
export class Resolver {
  readonly #importPaths: readonly Root[];
  readonly #search: ImportSearch;
  readonly #finder: RootFinder;
  readonly #inputRoots: readonly Root[];

  /** @param inputRoots the roots of all inputs: files of one may import those of another */
  constructor(
    importPaths: readonly string[],
    search: ImportSearch,
    finder: RootFinder,
    inputRoots: readonly Root[],
  ) {
    this.#importPaths = importPaths.map(plainRoot);
    this.#search = search;
    this.#finder = finder;
    this.#inputRoots = inputRoots;
  }

  /** Finds an imported file. Undefined if it does not exist. */
  async find(
    path: string,
    { source: { file }, around, root }: Importer,
  ): Promise<Found | undefined> {
    const own = root === undefined ? [] : [root];
    return (
      (await this.#search.below([...this.#importPaths, ...own], path)) ??
      (await this.#search.below(await this.#finder.modulesAround(file, around), path)) ??
      (await this.#search.around(await this.#finder.rootsAround(file, around), path, around)) ??
      (await this.#search.below(this.#inputRoots, path)) ??
      (await this.#search.anywhere(path, file, around))
    );
  }
}
