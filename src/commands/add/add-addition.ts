import type { OwnPackages } from "../../scaffold/new/packages.ts";
import { type ProjectRecord, printRecord } from "../../scaffold/new/record.ts";
import { type Manifest, readCatalog, readNote } from "../../scaffold/templates/manifests.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { requireCleanTree, requireTracked } from "../merge/clean-tree.ts";
import { completeMerge, continued } from "../merge/complete-merge.ts";
import { hasConflicts, mergeReport, ownLabel } from "../merge/merge-report.ts";
import { planProjectMerge } from "../merge/plan-project.ts";
import { recordedHashes } from "../merge/recorded-hashes.ts";
import { renderFiles } from "../merge/render.ts";
import { findStage, stageMerge } from "../merge/stage.ts";
import type { Project } from "../project/find-project.ts";
import type { StepName } from "../step-flags.ts";

/** Input of {@link addAddition}. */
export interface NewAddition {
  readonly project: Project;
  readonly record: ProjectRecord;
  readonly addition: Manifest;
  readonly packageRoot: string;
  /** Version of this program. */
  readonly version: string;
  readonly steps: readonly StepName[];
  readonly dryRun: boolean;
  readonly host: Host;
}

/**
 * Adds an addition to a project: merges what differs between the project with and without it.
 *
 * @returns the exit code: 1 with conflicts, and when a step after the merge fails
 */
export async function addAddition(request: NewAddition): Promise<number> {
  const { project, record, addition, packageRoot, version, steps, dryRun, host } = request;
  const { root } = project;
  const { answers } = record;
  const after = { steps, manager: answers.packageManager, host };
  const goal = `grpc-service add ${addition.name}`;
  const left = continued(await findStage(root), goal);
  if (left !== undefined && !dryRun) return completeMerge(left, after);
  if (answers.additions.includes(addition.name)) {
    host.print(`${addition.name} is already part of this project.\n`);
    return 0;
  }
  requireVersion(record, version);
  const hasGit = await requireCleanTree(root, { dryRun, host });

  const { signal } = host;
  const packages = presentPackages(project);
  const render = (additions: readonly string[]) =>
    renderFiles({ root, answers: { ...answers, additions }, packages, packageRoot, signal });
  const additions = withAddition(packageRoot, answers.additions, addition);
  const raw = { base: await render(answers.additions), theirs: await render(additions) };
  const { files } = await planProjectMerge({
    root,
    raw,
    hashes: record.files,
    labels: {
      ours: ownLabel,
      base: `without ${addition.name}`,
      theirs: `with ${addition.name}`,
    },
    migrate: (_path, text) => text,
    hasGit,
    keepsInsertions: true,
    signal,
  });
  const note = readNote(packageRoot, `additions/${addition.name}`);
  const report = `Adding ${addition.title}.\n${mergeReport(files)}${note === undefined ? "" : `\n${note}\n`}`;
  const conflicts = hasConflicts(files);
  if (dryRun) {
    host.print(`${report}Nothing was written.\n`);
    return conflicts ? 1 : 0;
  }
  if (hasGit) await requireTracked(root, files);
  const stage = await stageMerge(files, {
    root,
    goal,
    record: printRecord({
      ...record,
      answers: { ...answers, additions },
      files: recordedHashes(record.files, raw, files),
    }),
    report,
    hasConflicts: conflicts,
  });
  return completeMerge(stage, after);
}

/** Another version prints other files: only an upgrade merges those. */
function requireVersion(record: ProjectRecord, version: string): void {
  if (record.version === version) return;
  throw new UsageError(
    `this project was written by create-grpc-service ${record.version}, and this is ${version}; run grpc-service upgrade first`,
  );
}

/** In the order of the catalog, in which a new project lists them. */
function withAddition(
  packageRoot: string,
  present: readonly string[],
  { name }: Manifest,
): string[] {
  const { additions } = readCatalog(packageRoot);
  return additions
    .map((addition) => addition.name)
    .filter((other) => other === name || present.includes(other));
}

/** The packages that the project depends on, which an addition does not change. */
function presentPackages({ manifest: { dependencies } }: Project): OwnPackages {
  const self = dependencies.get("create-grpc-service") ?? "";
  const library = dependencies.get("grpc-service") ?? "";
  const vendored = [self, library].filter((specifier) => specifier.startsWith("file:vendor/"));
  // The tarballs are the same with and without the addition.
  const vendor = vendored.map(
    (specifier) => [specifier.slice("file:".length), Buffer.of()] as const,
  );
  return { self, library, vendor: new Map(vendor) };
}
