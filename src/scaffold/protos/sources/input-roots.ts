import { dirname, sep } from "node:path";
import type { ImportNames } from "./import-names.ts";
import type { InputFile } from "./input-files.ts";
import { isInside } from "./paths.ts";
import { type Reading, throwIfInterrupted } from "./reading.ts";
import { packageRootOf, pathIn, plainRoot, type Root } from "./root.ts";
import type { RootFinder } from "./roots.ts";

/** The roots of input files, by folder: files of one folder have the same root. */
export class InputRoots {
  readonly #roots: Map<string, Root>;

  constructor(roots: ReadonlyMap<string, Root>) {
    this.#roots = new Map(roots);
  }

  /** Every root that is known. */
  get all(): readonly Root[] {
    return [...this.#roots.values()];
  }

  /** The root of a file. Undefined if neither `-I`, a buf module nor an import of the folder tells. */
  of({ source }: InputFile): Root | undefined {
    return this.#roots.get(dirname(source.file));
  }

  /** Learns the roots of the folders in which a file is imported by others. */
  learn(files: readonly InputFile[], names: ImportNames): void {
    for (const { source } of files) {
      const folder = dirname(source.file);
      const name = names.of(source);
      if (name === undefined || this.#roots.has(folder)) continue;
      const ending = sep + name.split("/").join(sep);
      if (!source.file.endsWith(ending)) continue;
      this.#roots.set(folder, plainRoot(source.file.slice(0, -ending.length)));
    }
  }

  /** Import path of a file that no other file imports. */
  pathOf(file: InputFile): string {
    const { source, given } = file;
    const packageRoot = packageRootOf(dirname(source.file), source.header);
    const root =
      this.of(file) ??
      (packageRoot !== undefined ? plainRoot(packageRoot) : undefined) ??
      this.#deepestAbove(source.file) ??
      plainRoot(given);
    return pathIn(root, source.file);
  }

  #deepestAbove(file: string): Root | undefined {
    return this.all
      .filter(({ folder }) => isInside(folder, file))
      .toSorted((a, b) => b.folder.length - a.folder.length)[0];
  }
}

/** Finds the roots of input files, as far as `-I`, a buf module or an import tells. */
export async function findInputRoots(
  files: readonly InputFile[],
  finder: RootFinder,
  { signal }: Pick<Reading, "signal">,
): Promise<InputRoots> {
  const roots = new Map<string, Root>();
  const open = new Map<string, InputFile[]>();
  for (const file of files) {
    const folder = dirname(file.source.file);
    if ("root" in file.place) roots.set(folder, file.place.root);
    else open.set(folder, [...(open.get(folder) ?? []), file]);
  }
  for (const [folder, those] of open) {
    throwIfInterrupted(signal);
    const [first] = those;
    const sources = those.map(({ source }) => source);
    const root = first && (await finder.votedRoot(sources, first.around));
    if (root !== undefined) roots.set(folder, root);
  }
  return new InputRoots(roots);
}
