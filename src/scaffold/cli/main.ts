import type { Host } from "../../terminal/host.ts";
import { reportError } from "../../terminal/report-error.ts";
import { helpText } from "./help.ts";
import { parseCommand } from "./options.ts";

/**
 * Runs the command line and answers the exit code: 0 done, 1 a later step failed or a bug of ours,
 * 2 wrong usage or input, 130 interrupted. Every step is loaded when its turn comes.
 */
export async function main(args: readonly string[], host: Host): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.kind === "help") {
      host.print(helpText);
    } else if (command.kind === "version") {
      const { packageVersion } = await import("../../package-root.ts");
      host.print(`${packageVersion()}\n`);
    } else {
      const { create } = await import("../create.ts");
      await create(command.options, host);
    }
    return 0;
  } catch (error) {
    return reportError(error, "create-grpc-service", host);
  }
}
