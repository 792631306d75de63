import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { git } from "../git.ts";
import type { Base } from "./find-base.ts";
import { formerPrefix, type Place } from "./former-place.ts";

/**
 * Writes the folder `proto` of the project at a commit into `folder`, without touching the repository's
 * own index. If the project had another place in the repository then, that one's. Returns false if the project
 * had no such folder then.
 *
 * @throws UsageError when the folder that the user gave has no protos, or the former place is unknown
 */
export async function writeOldProtos(
  root: string,
  { shown, commit, folder: given }: Base,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const place = await placeOf(root, signal);
  const protos = join(folder, "proto");
  await mkdir(protos);
  // At the top: below it, git writes only the files of that folder.
  const run = (...args: string[]) =>
    git(place.top, args, signal, { GIT_INDEX_FILE: join(folder, ".index") });
  const read = (prefix: string) => run("read-tree", `${commit}:${prefix}proto`);
  if ((await read(given ?? place.prefix)) === undefined) {
    if (given !== undefined) {
      throw new UsageError(`${printable(shown)} has no folder ${printable(given)}proto`);
    }
    const former = await formerPrefix(root, place, commit, signal);
    if (former === undefined || (await read(former)) === undefined) return false;
  }
  return (await run("checkout-index", "--all", `--prefix=${protos}/`)) !== undefined;
}

async function placeOf(root: string, signal: AbortSignal): Promise<Place> {
  const lines = await git(root, ["rev-parse", "--show-toplevel", "--show-prefix"], signal);
  const [top = "", prefix = ""] = (lines ?? "").split("\n");
  return { top, prefix };
}
