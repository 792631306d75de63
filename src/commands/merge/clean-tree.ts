import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { workTreeOf } from "./git.ts";
import { stageName } from "./stage.ts";

/**
 * Checks that git can undo a merge: everything is committed. A dry run needs no way back.
 *
 * @returns whether there is a git repository
 * @throws UsageError when something is not committed
 */
export async function requireCleanTree(
  root: string,
  { dryRun, host }: { readonly dryRun: boolean; readonly host: Pick<Host, "note"> },
): Promise<boolean> {
  const tree = await workTreeOf(root, stageName);
  if (tree.state === "dirty" && !dryRun) {
    throw new UsageError(
      `${printable(tree.path)} is not committed; commit or stash your changes first, so that git can undo this`,
    );
  }
  if (tree.state === "none" && !dryRun) {
    host.note(
      "This folder is not in a git repository, so there is no way back except a copy of your own.\n",
    );
  }
  return tree.state !== "none";
}
