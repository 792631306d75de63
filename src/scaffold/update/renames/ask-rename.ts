import type { Host } from "../../../terminal/host.ts";
import { printable } from "../../../terminal/printable.ts";
import { askYesOrNo } from "../../cli/prompt.ts";
import type { Rename } from "./rename.ts";

/** Asks whether to move or copy the code of an RPC or service. */
export function askRename({ kind, from, to, change = "" }: Rename, host: Host): Promise<boolean> {
  const isNow = change === "" ? "" : `, which ${printable(change)},`;
  const message =
    kind === "copy"
      ? `Start ${printable(to)} with copies of the handlers of ${printable(from)}?`
      : `Is ${printable(to)}${isNow} the new name of ${printable(from)}? Its code moves with it.`;
  return askYesOrNo(host, message, kind === "rename");
}
