import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../../terminal/host.ts";
import { gitIn } from "./git.ts";

/**
 * Writes the folder `proto` of the project at a commit into `folder`, without touching the repository's
 * own index. Returns false if the project had no such folder then.
 */
export async function writeOldProtos(
  root: string,
  commit: string,
  folder: string,
  host: Pick<Host, "env" | "signal">,
): Promise<boolean> {
  const [top = "", prefix = ""] = (
    (await gitIn(root, host)("rev-parse", "--show-toplevel", "--show-prefix")) ?? ""
  ).split("\n");
  // At the top: below it, git writes only the files of that folder.
  const git = gitIn(top, host, { GIT_INDEX_FILE: join(folder, ".index") });
  const protos = join(folder, "proto");
  await mkdir(protos);
  if ((await git("read-tree", `${commit}:${prefix}proto`)) === undefined) return false;
  return (await git("checkout-index", "--all", `--prefix=${protos}/`)) !== undefined;
}
