import { existsSync } from "node:fs";
import { join } from "node:path";
import { isFolder } from "../../files.ts";
import { main as createGrpcService } from "../../scaffold/cli/main.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";

/** Flags of `sync`. */
export interface SyncFlags {
  readonly proto?: readonly string[] | undefined;
  readonly "import-path"?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
}

/** Brings the project up to its protos: runs `create-grpc-service` on its folder. */
export async function sync({ flags }: { readonly flags: SyncFlags }, host: Host): Promise<number> {
  const { root } = findProject(host.cwd);
  const genConfig = join(root, "buf.gen.yaml");
  if (!existsSync(genConfig)) throw new UsageError(`${genConfig} is missing`);
  if (isFolder(genConfig)) throw new UsageError(`${genConfig} must be a file, but is not`);
  const { proto = [], "import-path": importPaths = [], force, "dry-run": dryRun } = flags;
  return createGrpcService(
    [
      root === host.cwd ? "." : root,
      ...proto.map((path) => `--proto=${path}`),
      ...importPaths.map((path) => `--import-path=${path}`),
      ...(force === true ? ["--force"] : []),
      ...(dryRun === true ? ["--dry-run"] : []),
    ],
    host,
  );
}
