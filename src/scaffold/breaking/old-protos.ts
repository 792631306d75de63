import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../git.ts";

/**
 * Writes the folder `proto` of the project at a commit into `folder`, without touching the repository's
 * own index. Returns false if the project had no such folder then.
 */
export async function writeOldProtos(
  root: string,
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const place = await git(root, ["rev-parse", "--show-toplevel", "--show-prefix"], signal);
  const [top = "", prefix = ""] = (place ?? "").split("\n");
  const protos = join(folder, "proto");
  await mkdir(protos);
  // At the top: below it, git writes only the files of that folder.
  const run = (...args: string[]) =>
    git(top, args, signal, { GIT_INDEX_FILE: join(folder, ".index") });
  if ((await run("read-tree", `${commit}:${prefix}proto`)) === undefined) return false;
  return (await run("checkout-index", "--all", `--prefix=${protos}/`)) !== undefined;
}
