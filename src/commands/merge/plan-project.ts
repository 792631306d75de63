import { join } from "node:path";
import { checkPaths, readIfPresent } from "../../scaffold/disk/plan.ts";
import { findMoves } from "./find-moves.ts";
import { formatSides } from "./format-sides.ts";
import { mergeWithGit } from "./git.ts";
import { keepingInsertions } from "./keep-insertions.ts";
import type { Labels } from "./merge-text.ts";
import { mergeWithLibrary } from "./merge-with-library.ts";
import { changedPaths, type MergedFile, planMerge, type Sides } from "./plan-merge.ts";
import { filesOfUser, importsPackage, readSources } from "./project-files.ts";
import { writtenFiles } from "./stage.ts";

/** Input of {@link planProjectMerge}. */
export interface ProjectMerge {
  readonly root: string;
  readonly raw: Sides;
  readonly hashes: ReadonlyMap<string, string>;
  readonly labels: Labels;
  /** Changes a source of the user before it is merged; see `MergeInput`. */
  migrate(path: string, text: string): string;
  readonly hasGit: boolean;
  /** Whether lines that both sides inserted at one place are both kept; otherwise they are a conflict. */
  readonly keepsInsertions: boolean;
  readonly signal: AbortSignal;
}

/** A planned merge, and the formatter that was used. */
export interface PlannedMerge {
  readonly files: readonly MergedFile[];
  readonly formatter: string | undefined;
}

/**
 * Plans the merge of what changed between two outputs into a project on disk. Changes nothing.
 *
 * @throws UsageError when a file would be written through a link
 */
export async function planProjectMerge(request: ProjectMerge): Promise<PlannedMerge> {
  const { root, raw, hashes, labels, migrate, hasGit, keepsInsertions, signal } = request;
  const merge = hasGit ? mergeWithGit : mergeWithLibrary;
  const { sides: formatted, formatter } = await formatSides(root, raw, signal);
  const present = await filesOfUser(root);
  const sources = await readSources(root, present);
  const read = (path: string) => readIfPresent(join(root, path));
  const wanted = changedPaths(raw);
  const merged = await planMerge({
    raw,
    formatted,
    hashes,
    moves: await findMoves({ read, base: raw.base, hashes, present, wanted }),
    read,
    isUsed: (name) => [...sources.values()].some((source) => importsPackage(source, name)),
    migrate,
    merge: keepsInsertions ? keepingInsertions(merge) : merge,
    labels,
  });
  const files = [...merged, ...migrateOthers(sources, merged, migrate)];
  const paths = writtenFiles(files).map(({ path }) => path);
  await checkPaths(paths, { path: root, shown: ".", kind: "ours" });
  return { files, formatter };
}

/** The sources that the merge does not write, with the renames of APIs. */
function migrateOthers(
  sources: ReadonlyMap<string, string>,
  merged: readonly MergedFile[],
  migrate: ProjectMerge["migrate"],
): MergedFile[] {
  const written = new Set(writtenFiles(merged).map(({ path }) => path));
  return [...sources].flatMap(([path, text]): MergedFile[] => {
    const content = migrate(path, text);
    return written.has(path) || content === text ? [] : [{ path, action: "merge", content }];
  });
}
