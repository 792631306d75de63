import { contentHash } from "../../scaffold/new/record.ts";
import { changedPaths, type MergedFile, type Sides } from "./plan-merge.ts";

/**
 * The hashes that the next merge recognises unchanged files by: those of the files as they are written now,
 * without changes of the user.
 */
export function recordedHashes(
  before: ReadonlyMap<string, string>,
  raw: Sides,
  files: readonly MergedFile[],
): Map<string, string> {
  const changed = new Set(changedPaths(raw));
  const hashes = new Map(
    [...raw.theirs].map(([path, content]) => {
      const known = changed.has(path) ? undefined : before.get(path);
      return [path, known ?? contentHash(content)] as const;
    }),
  );
  for (const { path, action, content } of files) {
    const isOurs = action === "add" || action === "replace";
    if (isOurs && content !== undefined && hashes.has(path)) hashes.set(path, contentHash(content));
  }
  return hashes;
}
