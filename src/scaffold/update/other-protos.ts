import { sep } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import type { Options } from "../cli/options.ts";
import { askYesOrNo } from "../cli/prompt.ts";
import { type RepeatedRun, syncCommand } from "./sync-command.ts";

/** A run that may add protos to a project. */
export interface AddingRun extends RepeatedRun {
  readonly options: RepeatedRun["options"] & Pick<Options, "yes">;
  readonly host: Host;
}

/**
 * Protos of which a project has none are added to it only with consent, if it was named from outside: the user
 * may have wanted a new project, in a folder that is taken.
 *
 * @param given names of the protos that the run adds
 * @param present names of those that the project has
 * @throws UsageError without consent
 */
export async function confirmOtherProtos(
  run: AddingRun,
  given: readonly string[],
  present: readonly string[],
): Promise<void> {
  const { target, options, host } = run;
  const isInside = `${host.cwd}${sep}`.startsWith(`${target.path}${sep}`);
  if (isInside || options.force || given.length === 0 || present.length === 0) return;
  if (given.some((path) => present.includes(path))) return;
  const shown = printable(target.shown);
  const state = `${shown} is already a project, with other protos (${list(present)})`;
  if (!host.interactive || options.yes) {
    const command = syncCommand(run)([]);
    throw new UsageError(
      `${state}; to add ${list(given)} to it, run ${command}; for a new project, name a new folder`,
    );
  }
  const isWanted = await askYesOrNo(host, `${state}. Add ${list(given)} to it?`, false);
  if (!isWanted) throw new UsageError(`${shown} was not changed`);
}

const maxNames = 3;

/** `a.proto, b.proto, c.proto and 2 more` */
function list(paths: readonly string[]): string {
  const names = paths.slice(0, maxNames).map(printable).join(", ");
  const rest = paths.length - maxNames;
  return rest > 0 ? `${names} and ${rest} more` : names;
}
