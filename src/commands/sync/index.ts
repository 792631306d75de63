import { existsSync } from "node:fs";
import { join } from "node:path";
import { isFolder } from "../../files.ts";
import { packageVersion } from "../../package-root.ts";
import { withProjectLock } from "../../scaffold/disk/project-lock.ts";
import type { Target } from "../../scaffold/disk/target.ts";
import { versionGap, versionGapText } from "../../scaffold/new/own-copy.ts";
import { growProject } from "../../scaffold/update/grow-project.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import type { GivenProtos } from "./from-source.ts";
import { renameDecisions } from "./rename-decisions.ts";

/** Flags of `sync`. */
export interface SyncFlags {
  readonly proto?: readonly string[] | undefined;
  readonly "import-path"?: readonly string[] | undefined;
  readonly rename?: readonly string[] | undefined;
  readonly copy?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly check?: boolean | undefined;
  readonly source?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
}

/** Brings the project up to its protos, as `create-grpc-service` does when it is run on its folder. */
export async function sync({ flags }: { readonly flags: SyncFlags }, host: Host): Promise<number> {
  const { root } = findProject(host.cwd);
  const genConfig = join(root, "buf.gen.yaml");
  if (!existsSync(genConfig)) throw new UsageError(`${genConfig} is missing`);
  if (isFolder(genConfig)) throw new UsageError(`${genConfig} must be a file, but is not`);
  const { proto = [], "import-path": importPaths = [], check = false } = flags;
  const { force = false, yes = false, "dry-run": dryRun = false } = flags;
  const target: Target = { path: root, shown: root === host.cwd ? "." : root, kind: "ours" };
  const decisions = renameDecisions(flags);
  const version = packageVersion();
  const gap = versionGapText(await versionGap(root, version), version);
  if (gap !== "") host.note(gap);
  const isFromSource = flags.source === true;
  if (isFromSource && proto.length > 0) {
    throw new UsageError("--source and --proto exclude each other");
  }
  const run = async (host: Host) => {
    const grow = (given: GivenProtos) => {
      const options = { ...given, force, yes, dryRun };
      return growProject({ target, options, host, decisions, check, fromSource: isFromSource });
    };
    if (!isFromSource) return grow({ proto, importPaths });
    const { fromSource } = await import("./from-source.ts");
    return fromSource({ target, force, host }, grow);
  };
  return check || dryRun ? run(host) : withProjectLock(root, "grpc-service sync", host, run);
}
