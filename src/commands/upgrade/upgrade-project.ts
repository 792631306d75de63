import compare from "semver/functions/compare.js";
import { type ProjectRecord, printRecord } from "../../scaffold/new/record.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { requireCleanTree, requireTracked } from "../merge/clean-tree.ts";
import { completeMerge, continued } from "../merge/complete-merge.ts";
import { hasConflicts, mergeReport, ownLabel } from "../merge/merge-report.ts";
import type { Contents } from "../merge/plan-merge.ts";
import { type PlannedMerge, planProjectMerge } from "../merge/plan-project.ts";
import { recordedHashes } from "../merge/recorded-hashes.ts";
import { findStage, stageMerge } from "../merge/stage.ts";
import type { StepName } from "../step-flags.ts";
import { migrateWith, selectMigrations } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";

/** Input of {@link upgradeProject}. */
export interface Upgrade {
  readonly root: string;
  readonly record: ProjectRecord;
  /** The version to upgrade to. */
  readonly version: string;
  /** Renders the files of the user as the recorded version prints them. */
  readonly renderOld: () => Promise<Contents>;
  /** The same for this version. */
  readonly renderNew: () => Promise<Contents>;
  readonly migrations: readonly Migration[];
  readonly skip: readonly string[];
  readonly steps: readonly StepName[];
  readonly dryRun: boolean;
  readonly host: Host;
}

/**
 * Brings what a newer version prints into a project, by a three-way merge with what the old one printed.
 *
 * @returns the exit code: 1 with conflicts, and when a step after the merge fails
 */
export async function upgradeProject(upgrade: Upgrade): Promise<number> {
  const { root, record, version, steps, dryRun, host } = upgrade;
  const after = { steps, manager: record.answers.packageManager, host };
  const goal = `grpc-service upgrade, to ${version}`;
  const left = continued(await findStage(root), goal);
  if (left !== undefined) {
    if (dryRun) throw new UsageError(`${goal} was interrupted here; run it again to finish it`);
    host.note("Continuing the upgrade that was interrupted.\n");
    return completeMerge(left, after);
  }
  const order = compare(record.version, version);
  if (order > 0) throw new UsageError(downgradeText(record.version, version));
  if (order === 0) {
    host.print(currentText(version));
    return 0;
  }
  const selected = selectMigrations(
    upgrade.migrations,
    { from: record.version, to: version },
    upgrade.skip,
  );
  const hasGit = await requireCleanTree(root, { dryRun, host });

  const raw = { base: await upgrade.renderOld(), theirs: await upgrade.renderNew() };
  const planned = await planProjectMerge({
    root,
    raw,
    hashes: record.files,
    labels: {
      ours: ownLabel,
      base: `create-grpc-service ${record.version}`,
      theirs: `create-grpc-service ${version}`,
    },
    migrate: migrateWith(selected),
    hasGit,
    keepsInsertions: false,
    signal: host.signal,
  });
  if (planned.formatter === undefined) host.note(noFormatterText);
  const report = reportText(upgrade, planned, selected);
  const conflicts = hasConflicts(planned.files);
  if (dryRun) {
    host.print(`${report}Nothing was written.\n`);
    return conflicts ? 1 : 0;
  }
  if (hasGit) await requireTracked(root, planned.files);
  const stage = await stageMerge(planned.files, {
    root,
    goal,
    record: printRecord({
      ...record,
      version,
      files: recordedHashes(record.files, raw, planned.files),
    }),
    report,
    hasConflicts: conflicts,
  });
  return completeMerge(stage, after);
}

function reportText(
  { record, version }: Upgrade,
  { files }: PlannedMerge,
  migrations: readonly Migration[],
): string {
  const titles = migrations.map(({ number, title }) => `  ${number}. ${title}\n`);
  return [
    `Upgrade from create-grpc-service ${record.version} to ${version}.\n`,
    titles.length === 0 ? "" : `Migrations; --skip <number> leaves one out:\n${titles.join("")}`,
    files.length === 0 ? "No file of yours changes.\n" : mergeReport(files),
  ].join("");
}

function downgradeText(recorded: string, version: string): string {
  return `this project was written by create-grpc-service ${recorded}, which is newer than this one, ${version}; run ${newest}`;
}

function currentText(version: string): string {
  return `This project is already at ${version}, the version of this program. To upgrade to the newest one, run ${newest}\n`;
}

const newest = "npm exec --package create-grpc-service@latest -- grpc-service upgrade";

const noFormatterText =
  "No formatter of this project is installed (biome or prettier). If you format it in another way, expect conflicts.\n";
