import { breakingChanges } from "../../scaffold/breaking/compare.ts";
import { findBase } from "../../scaffold/breaking/find-base.ts";
import { counted } from "../../terminal/counted.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { findProject } from "../project/find-project.ts";

/**
 * Compares the protos of the project with those of the branch that they go to.
 *
 * @returns 1 when callers of that branch would break
 */
export async function breaking(
  { flags }: { readonly flags: { readonly against?: string | undefined } },
  host: Host,
): Promise<number> {
  const { root } = findProject(host.cwd);
  const base = await findBase(root, flags.against, host);
  const shown = printable(base.shown);
  const changes = await breakingChanges(root, base, host.signal);
  if (changes === undefined) {
    host.print(`${shown} has no protos of this project yet: nothing can break\n`);
    return 0;
  }
  if (changes.length === 0) {
    host.print(`No breaking changes since ${shown}\n`);
    return 0;
  }
  host.print(changes.map((line) => `${printable(line)}\n`).join(""));
  host.note(`${counted(changes.length, "breaking change")} since ${shown}\n`);
  return 1;
}
