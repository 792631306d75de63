import { packageRoot, packageVersion } from "../../package-root.ts";
import {
  InterruptedError,
  isEnvironmentError,
  StepError,
  UsageError,
} from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { readCatalog } from "../templates/manifests.ts";
import { flagGroups } from "./flags.ts";
import { parseCommand } from "./options.ts";

/**
 * Runs the command line and answers the exit code: 0 done, 1 a later step failed or a bug of ours,
 * 2 wrong usage or input, 130 interrupted. Every step is loaded when its turn comes.
 */
export async function main(args: readonly string[], host: Host): Promise<number> {
  try {
    const catalog = readCatalog(packageRoot());
    const command = parseCommand(args, catalog);
    if (command.kind === "help") {
      const { helpText } = await import("./help.ts");
      host.print(helpText(flagGroups(catalog)));
    } else if (command.kind === "version") {
      host.print(`${packageVersion()}\n`);
    } else {
      const { create } = await import("../create.ts");
      await create(command.options, host);
    }
    return 0;
  } catch (error) {
    return report(error, host);
  }
}

function report(error: unknown, host: Host): number {
  if (error instanceof InterruptedError || host.signal.aborted) {
    const { message } = error instanceof InterruptedError ? error : new InterruptedError();
    host.note(`create-grpc-service: ${printable(message)}\n`);
    return 130;
  }
  if (error instanceof UsageError || error instanceof StepError) {
    const details = error instanceof UsageError ? error.details : [];
    host.note(`create-grpc-service: ${printable(error.message)}\n`);
    for (const detail of details) host.note(`  ${printable(detail)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
  if (error instanceof Error && isEnvironmentError(error)) {
    host.note(`create-grpc-service: ${printable(error.message)}\n`);
    return 2;
  }
  host.note("create-grpc-service: this is a bug in create-grpc-service, please report it:\n");
  host.note(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
