import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { git } from "../git.ts";
import type { Base } from "./find-base.ts";
import { formerPrefix, type Place } from "./former-place.ts";

/**
 * Writes the folder `proto` of the project at a commit into `folder`, without touching the repository's
 * own index. If the project had another place in the repository then, that one's. Returns false if the project
 * had no such folder then.
 *
 * @throws UsageError when the folder that the user gave has no protos, the former place is unknown, or what is
 *   in the place of the protos cannot be read
 */
export async function writeOldProtos(
  root: string,
  { shown, commit, folder: given }: Base,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const place = await placeOf(root, signal);
  const find = (prefix: string) => protosAt(root, place.top, { shown, commit, prefix }, signal);
  let found = await find(given ?? place.prefix);
  if (found === undefined && given !== undefined) {
    throw new UsageError(`${printable(shown)} has no folder ${printable(given)}proto`);
  }
  if (found === undefined) {
    const former = await formerPrefix(root, place, commit, signal);
    found = former === undefined ? undefined : await find(former);
  }
  if (found === undefined) return false;
  const { repository, tree } = found;
  const protos = join(folder, "proto");
  await mkdir(protos);
  // At the top: below it, git writes only the files of that folder.
  const run = (...args: string[]) =>
    git(repository, args, signal, { GIT_INDEX_FILE: join(folder, ".index") });
  if ((await run("read-tree", tree)) !== undefined) {
    if ((await run("checkout-index", "--all", `--prefix=${protos}/`)) !== undefined) return true;
  }
  if (signal.aborted) throw new InterruptedError();
  throw new UsageError(`the protos of ${printable(shown)} cannot be read from git`);
}

/** The protos of a commit. */
interface OldProtos {
  /** Top of the repository that has them. */
  readonly repository: string;
  /** A tree or a commit of it. */
  readonly tree: string;
}

/**
 * Finds the folder `proto` below a prefix of a commit. A submodule has its own repository.
 *
 * @returns undefined if there is none
 * @throws UsageError if something else has its name
 */
async function protosAt(
  root: string,
  top: string,
  { shown, commit, prefix }: { shown: string; commit: string; prefix: string },
  signal: AbortSignal,
): Promise<OldProtos | undefined> {
  const path = `${prefix}proto`;
  const listed = await git(top, ["ls-tree", "-z", commit, "--", path], signal);
  const [, kind, hash = ""] = /^\d+ (\w+) (\w+)\t/.exec(listed ?? "") ?? [];
  const at = `${printable(path)} of ${printable(shown)}`;
  switch (kind) {
    case undefined:
      return undefined;
    case "tree":
      return { repository: top, tree: hash };
    case "commit": {
      const repository = join(root, "proto");
      if ((await git(repository, ["cat-file", "-e", `${hash}^{commit}`], signal)) !== undefined) {
        return { repository, tree: hash };
      }
      throw new UsageError(
        `${at} is a submodule, and its commit ${hash.slice(0, 12)} is not here; run git submodule update --init, then git -C proto fetch`,
      );
    }
    default:
      throw new UsageError(
        `${at} is no folder, but a file or a symbolic link: the protos cannot be compared`,
      );
  }
}

async function placeOf(root: string, signal: AbortSignal): Promise<Place> {
  const lines = await git(root, ["rev-parse", "--show-toplevel", "--show-prefix"], signal);
  const [top = "", prefix = ""] = (lines ?? "").split("\n");
  return { top, prefix };
}
