/** A folder of templates/ that contributes files to a project. */
export interface Contribution {
  /** Its path in templates/, for messages. */
  readonly folder: string;
  /** Paths in the project. */
  readonly paths: Iterable<string>;
  /** The paths that its manifest declares to replace. */
  readonly replaces: ReadonlySet<string>;
  /** The folders whose files it may replace. */
  readonly over: readonly string[];
}

/**
 * Checks that no file silently overlays another: a path that two folders contribute to must be
 * declared as replaced by the last of them, and that one must know the other.
 *
 * @throws Error naming path and folders
 */
export function checkContributions(contributions: readonly Contribution[]): void {
  const contributors = new Map<string, Contribution[]>();
  for (const contribution of contributions) {
    for (const path of contribution.paths) {
      contributors.set(path, [...(contributors.get(path) ?? []), contribution]);
    }
  }
  for (const [path, all] of contributors) {
    const last = all.at(-1);
    for (const { folder } of all.slice(0, -1)) {
      if (last?.replaces.has(path) && last.over.includes(folder)) continue;
      throw new Error(`templates: both ${folder} and ${last?.folder} contribute ${path}`);
    }
  }
}
