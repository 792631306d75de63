import { packageRoot, packageVersion } from "../../package-root.ts";
import type { Host } from "../../terminal/host.ts";
import { reportError } from "../../terminal/report-error.ts";
import { readCatalog } from "../templates/manifests.ts";
import { flagGroups } from "./flags.ts";
import { parseCommand } from "./options.ts";
import { refuseSwallowedFlags } from "./swallowed-flags.ts";

/**
 * Runs the command line and returns the exit code: 0 done, 1 a failed step or a bug, 2 wrong usage or
 * input, 130 interrupted. The code of a step is loaded when the step runs.
 */
export async function main(args: readonly string[], host: Host): Promise<number> {
  try {
    const catalog = readCatalog(packageRoot());
    const flags = flagGroups(catalog).flatMap((group) => group.flags);
    refuseSwallowedFlags(args, flags, host.env);
    const command = parseCommand(args, catalog);
    if (command.kind === "help") {
      const { helpText } = await import("./help.ts");
      host.print(helpText(flagGroups(catalog)));
    } else if (command.kind === "version") {
      host.print(`${packageVersion()}\n`);
    } else {
      const { create } = await import("../create.ts");
      return await create(command.options, host);
    }
    return 0;
  } catch (error) {
    return reportError(error, "create-grpc-service", host);
  }
}
