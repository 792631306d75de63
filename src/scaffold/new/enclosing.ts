import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { parseJson, property, texts } from "../../json.ts";
import type { PackageManagerName } from "../templates/package-managers.ts";
import { parseYaml } from "../yaml.ts";

/** What a project is in: the workspace and the repository above its folder. */
export interface Enclosing {
  readonly workspace: Workspace | undefined;
  readonly repository: Repository | undefined;
}

/** A git repository that a project is not the top of. */
export interface Repository {
  /** Its top, relative to the project. */
  readonly top: string;
  /** The project, relative to the top. */
  readonly place: string;
}

/** A workspace above a project: one installation and one lock file for all its packages. */
export interface Workspace {
  /** Folder of the workspace, relative to the project. */
  readonly root: string;
  readonly manager: PackageManagerName;
  /** Whether its patterns match the folder of the project. */
  readonly listsProject: boolean;
  /** Whether it uses Yarn 1, which projects are not made for. */
  readonly isYarn1: boolean;
}

export async function enclosingOf(project: string): Promise<Enclosing> {
  return { workspace: await workspaceAround(project), repository: repositoryAbove(project) };
}

/** Top of the git repository that a project is in. Undefined if it is in none. */
export function repositoryOf(
  project: string,
  { repository }: Pick<Enclosing, "repository">,
): string | undefined {
  if (repository !== undefined) return join(project, repository.top);
  return existsSync(join(project, ".git")) ? project : undefined;
}

function repositoryAbove(project: string): Repository | undefined {
  for (let folder = project; ; folder = dirname(folder)) {
    // A file in worktrees and submodules.
    if (existsSync(join(folder, ".git"))) {
      if (folder === project) return undefined;
      return { top: relativePath(project, folder), place: relativePath(folder, project) };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** The nearest workspace above a folder. A workspace root in the folder itself is the project's own. */
async function workspaceAround(project: string): Promise<Workspace | undefined> {
  for (let folder = dirname(project); ; folder = dirname(folder)) {
    const found = await workspaceIn(folder);
    if (found !== undefined) {
      const { manager, patterns, isYarn1 } = found;
      const listsProject = await isListed(relativePath(folder, project), patterns);
      return { root: relativePath(project, folder), manager, listsProject, isYarn1 };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

interface Patterns {
  readonly manager: PackageManagerName;
  readonly patterns: readonly string[];
  readonly isYarn1: boolean;
}

async function workspaceIn(folder: string): Promise<Patterns | undefined> {
  const pnpm = await readText(join(folder, "pnpm-workspace.yaml"));
  if (pnpm !== undefined) return { manager: "pnpm", patterns: pnpmPatterns(pnpm), isYarn1: false };
  const manifest = parseJson((await readText(join(folder, "package.json"))) ?? "");
  const workspaces = property(manifest, "workspaces");
  if (workspaces === undefined) return undefined;
  // Yarn also knows an object.
  const patterns = texts(property(workspaces, "packages") ?? workspaces);
  const lock = await readText(join(folder, "yarn.lock"));
  const isYarn1 = lock !== undefined && /^# yarn lockfile v1$/m.test(lock);
  return { manager: lock === undefined ? "npm" : "yarn", patterns, isYarn1 };
}

/** A file that pnpm itself would refuse lists nothing. */
function pnpmPatterns(text: string): string[] {
  try {
    return texts(property(parseYaml(text, "pnpm-workspace.yaml"), "packages"));
  } catch {
    return [];
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/** The last pattern that matches decides; those with `!` leave packages out. */
async function isListed(path: string, patterns: readonly string[]): Promise<boolean> {
  const { default: picomatch } = await import("picomatch");
  const matches = (pattern: string) => picomatch(pattern.replace(/^\.?\/|\/$/g, ""))(path);
  return patterns.reduce((isIn, pattern) => {
    const isExcluded = pattern.startsWith("!");
    return matches(isExcluded ? pattern.slice(1) : pattern) ? !isExcluded : isIn;
  }, false);
}

function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join("/");
}
