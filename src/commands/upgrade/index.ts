import { packageManifest, packageRoot } from "../../package-root.ts";
import { withProjectLock } from "../../scaffold/disk/project-lock.ts";
import { ownPackages } from "../../scaffold/new/packages.ts";
import { givenSpecifier } from "../../scaffold/new/specifier.ts";
import type { Host } from "../../terminal/host.ts";
import { renderFiles } from "../merge/render.ts";
import { findProject } from "../project/find-project.ts";
import { readRecord } from "../project/read-record.ts";
import { chosenSteps, type StepFlags } from "../step-flags.ts";
import { migrations } from "./migrations/index.ts";
import { renderOldVersion } from "./old-version.ts";
import { upgradeProject } from "./upgrade-project.ts";

/** Flags of `upgrade`. */
export interface UpgradeFlags extends StepFlags {
  readonly "dry-run"?: boolean | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly self?: string | undefined;
  readonly runtime?: string | undefined;
}

/** Upgrades the project around the current folder to the templates of this version. */
export async function upgrade(
  { flags }: { readonly flags: UpgradeFlags },
  host: Host,
): Promise<number> {
  const { root } = findProject(host.cwd);
  const run = (host: Host) => upgradeFiles(root, flags, host);
  if (flags["dry-run"] === true) return run(host);
  return withProjectLock(root, "grpc-service upgrade", host, run);
}

async function upgradeFiles(root: string, flags: UpgradeFlags, host: Host): Promise<number> {
  const record = await readRecord(root);
  const own = packageRoot();
  const { version } = packageManifest(own);
  const { answers } = record;
  const { signal } = host;
  const { self, runtime: library } = flags;
  // Before anything is rendered. A path is one from the folder of the user.
  const from =
    flags.from && (await givenSpecifier("--from", flags.from, host.cwd, answers.packageManager));
  return upgradeProject({
    root,
    record,
    version,
    renderOld: () => renderOldVersion({ root, record, from }, host),
    renderNew: async () => {
      const { packageManager } = answers;
      const sources = { packageRoot: own, version, packageManager, cwd: root, signal };
      const packages = await ownPackages({ ...sources, self, library });
      return renderFiles({ root, answers, packages, packageRoot: own, signal });
    },
    migrations,
    skip: flags.skip ?? [],
    steps: chosenSteps(flags),
    dryRun: flags["dry-run"] === true,
    host,
  });
}
