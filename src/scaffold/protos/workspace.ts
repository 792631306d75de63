import { join } from "node:path";
import { property } from "../../json.ts";
import { printable } from "../../terminal/printable.ts";
import { readIfPresent } from "../disk/plan.ts";
import { parseYaml } from "../yaml.ts";
import { isWithin } from "./paths.ts";

/** One module of a buf workspace: import paths are relative to its folder. */
export interface Module {
  /** Absolute path. */
  readonly folder: string;
  /** Whether a file in the folder is part of the module. */
  has(file: string): boolean;
}

/**
 * Reads the modules of the first buf workspace in one of the folders, from its `buf.work.yaml` or its
 * `buf.yaml` with modules. Empty without a workspace.
 *
 * @throws UsageError when such a file is not valid YAML.
 */
export async function findModules(folders: readonly string[]): Promise<readonly Module[]> {
  for (const folder of folders) {
    const modules = [...(await modulesOfVersion2(folder)), ...(await modulesOfVersion1(folder))];
    if (modules.length > 0) return modules;
  }
  return [];
}

/** The first of the folders and the modules of their workspace whose `buf.yaml` has dependencies. */
export async function findDependent(folders: readonly string[]): Promise<string | undefined> {
  const modules = (await findModules(folders)).map(({ folder }) => folder);
  for (const folder of [...folders, ...modules]) {
    if (items(await readYaml(join(folder, "buf.yaml")), "deps").length > 0) return folder;
  }
  return undefined;
}

/** `buf.yaml`: `modules: [{ path, includes, excludes }]`, all paths relative to the workspace. */
async function modulesOfVersion2(workspace: string): Promise<Module[]> {
  const modules = items(await readYaml(join(workspace, "buf.yaml")), "modules");
  return modules.map((module) => {
    const folder = join(workspace, String(property(module, "path") ?? "."));
    const below = (name: string) =>
      items(module, name).map((path) => join(workspace, String(path)));
    return newModule(folder, below("includes"), below("excludes"));
  });
}

/** `buf.work.yaml`: `directories: [path]`; a module's own `buf.yaml` may have `build: { excludes }`. */
async function modulesOfVersion1(workspace: string): Promise<Module[]> {
  const directories = items(await readYaml(join(workspace, "buf.work.yaml")), "directories");
  return Promise.all(
    directories.map(async (directory) => {
      const folder = join(workspace, String(directory));
      const build = property(await readYaml(join(folder, "buf.yaml")), "build");
      return newModule(
        folder,
        [],
        items(build, "excludes").map((path) => join(folder, String(path))),
      );
    }),
  );
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
