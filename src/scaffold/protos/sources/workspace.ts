import { join } from "node:path";
import { property } from "../../../json.ts";
import { printable } from "../../../terminal/printable.ts";
import { readIfPresent } from "../../disk/plan.ts";
import { parseYaml } from "../../yaml.ts";
import { isWithin } from "./paths.ts";

/** One module of buf: import paths are relative to its folder. */
export interface Module {
  /** Absolute path. */
  readonly folder: string;
  /** Whether a file in the folder is part of the module. */
  has(file: string): boolean;
}

/** The `buf.yaml` and `buf.work.yaml` files of folders, each read once. */
export class Workspaces {
  readonly #modules = new Map<string, Promise<readonly Module[]>>();

  /**
   * The modules that a folder describes: those of its workspace, or the folder itself if its `buf.yaml` lists
   * none.
   *
   * @throws UsageError when such a file is not valid YAML.
   */
  modulesOf(folder: string): Promise<readonly Module[]> {
    const known = this.#modules.get(folder) ?? readModules(folder);
    this.#modules.set(folder, known);
    return known;
  }

  /** The modules that the folders describe, folder by folder. Folders without any are left out. */
  async modulesAround(folders: readonly string[]): Promise<(readonly Module[])[]> {
    const all = await Promise.all(folders.map((folder) => this.modulesOf(folder)));
    return all.filter((modules) => modules.length > 0);
  }
}

/** The first of the folders and the modules of their workspaces whose `buf.yaml` has dependencies. */
export async function findDependent(folders: readonly string[]): Promise<string | undefined> {
  const modules = (await new Workspaces().modulesAround(folders)).flat();
  for (const folder of [...folders, ...modules.map((module) => module.folder)]) {
    if (items(await readYaml(join(folder, "buf.yaml")), "deps").length > 0) return folder;
  }
  return undefined;
}

async function readModules(folder: string): Promise<readonly Module[]> {
  const work = await readYaml(join(folder, "buf.work.yaml"));
  const directories = items(work, "directories").map((each) => join(folder, String(each)));
  if (directories.length > 0) {
    return (await Promise.all(directories.map(modulesOfVersion1))).flat();
  }
  const config = await readYaml(join(folder, "buf.yaml"));
  const modules = items(config, "modules");
  if (modules.length > 0) return modules.map((module) => moduleOfVersion2(folder, module));
  return config === undefined ? [] : modulesOfVersion1(folder);
}

/** `buf.yaml`: `modules: [{ path, includes, excludes }]`, all paths relative to the workspace. */
function moduleOfVersion2(workspace: string, module: unknown): Module {
  const below = (name: string) => items(module, name).map((path) => join(workspace, String(path)));
  const folder = join(workspace, String(property(module, "path") ?? "."));
  return newModule(folder, below("includes"), below("excludes"));
}

/** A module of its own, or one of `buf.work.yaml`. Its `buf.yaml` may have `build: { roots, excludes }`. */
async function modulesOfVersion1(folder: string): Promise<Module[]> {
  const build = property(await readYaml(join(folder, "buf.yaml")), "build");
  const below = (name: string) => items(build, name).map((path) => join(folder, String(path)));
  const roots = below("roots");
  return (roots.length > 0 ? roots : [folder]).map((root) => {
    return newModule(root, [], below("excludes"));
  });
}

function newModule(
  folder: string,
  includes: readonly string[],
  excludes: readonly string[],
): Module {
  return {
    folder,
    has(file) {
      const isBelow = (path: string) => isWithin(path, file);
      return (includes.length === 0 || includes.some(isBelow)) && !excludes.some(isBelow);
    },
  };
}

async function readYaml(file: string): Promise<unknown> {
  const content = await readIfPresent(file);
  return content === undefined ? undefined : parseYaml(content.toString("utf8"), printable(file));
}

function items(value: unknown, name: string): readonly unknown[] {
  const list = property(value, name);
  return Array.isArray(list) ? list : [];
}
