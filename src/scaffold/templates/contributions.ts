/** A folder of templates/ that contributes files to a project. */
export interface Contribution {
  /** Its path in templates/, for messages. */
  readonly folder: string;
  /** Paths in the project. */
  readonly paths: Iterable<string>;
  /** The paths that its manifest declares as replaced. */
  readonly replaces: ReadonlySet<string>;
  /** The folders whose files it may replace. */
  readonly over: readonly string[];
}

/**
 * Checks that no file overwrites another by accident. If two folders contribute a path, the manifest of the
 * last must declare it as replaced, and the last must be allowed to replace files of the other.
 *
 * @throws Error that names the path and the folders
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
