import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isInside, isWithin } from "./paths.ts";
import { plainRoot, type Root } from "./root.ts";

/** Where the search ends without a repository: packages are seldom more than seven folders deep. */
const foldersWithoutRepository = 8;

/** What lies around an input: imports are searched there. */
export interface Surroundings {
  /** The folder where the search ends: that of the git repository, else the eighth above the input. */
  readonly top: string;
  readonly isRepository: boolean;
}

/** @param folder the input, or the folder of the input */
export async function surroundingsOf(folder: string): Promise<Surroundings> {
  const folders = foldersUp(folder);
  for (const current of folders) {
    if (await exists(join(current, ".git"))) return { top: current, isRepository: true };
  }
  const top = folders[foldersWithoutRepository] ?? folders.at(-1) ?? folder;
  return { top, isRepository: false };
}

/** The folder of a file and those above it, up to the top. */
export function foldersAbove(file: string, { top }: Surroundings): string[] {
  const folder = dirname(file);
  return isWithin(top, folder) ? foldersUp(folder).filter((each) => isWithin(top, each)) : [folder];
}

/**
 * The roots that the imports of a file may be relative to, the nearest first: the folders around it, the
 * Go modules among them by their path, and the folder above the repository, whose protos may be imported by
 * the name of the repository.
 */
export async function rootsAround(file: string, around: Surroundings): Promise<Root[]> {
  const folders = foldersAbove(file, around);
  const modules = await Promise.all(folders.map(goModuleRoots));
  const above = around.isRepository ? [plainRoot(dirname(around.top))] : [];
  return [...folders.map(plainRoot), ...modules.flat(), ...above];
}

/** Whether a file that was found by a root of {@link rootsAround} counts. Those of other repositories do not. */
export function isAround(file: string, { top, isRepository }: Surroundings): boolean {
  return !isRepository || isInside(top, file);
}

/** A Go module, with and without the major version at the end of its path. */
async function goModuleRoots(folder: string): Promise<Root[]> {
  const text = await readFile(join(folder, "go.mod"), "utf8").catch(() => "");
  const path = /^module\s+"?([\w./~-]+)/m.exec(text)?.[1];
  if (path === undefined) return [];
  const paths = new Set([path, path.replace(/\/v\d+$/, "")]);
  return [...paths].map((each) => ({ folder, prefix: `${each}/` }));
}

/** A folder and all above it. */
function foldersUp(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUp(above)];
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
