import type { StreamHost } from "../terminal/host.ts";
import { type CommandHelp, type Flags, type Input, parseInput } from "./input.ts";

/** A command of the program `grpc-service`. */
export interface Command extends CommandHelp {
  /** For other programs: the help does not list it, and all arguments are its own, `--help` too. */
  readonly internal?: boolean;
  /** It writes what the version of the project would write: that one runs, if the project has it installed. */
  readonly runsInOwnCopy?: boolean;
  /**
   * Runs it with the arguments after its name.
   *
   * @returns the exit code
   * @throws UsageError for wrong arguments
   */
  run(args: readonly string[], host: StreamHost): Promise<number>;
}

/** Defines a command. Its code is loaded when it runs, so that the program starts fast. */
export function defineCommand<const F extends Flags>(
  help: CommandHelp & { readonly flags: F; readonly runsInOwnCopy?: boolean },
  load: () => Promise<(input: Input<F>, host: StreamHost) => Promise<number>>,
): Command {
  return {
    ...help,
    async run(args, host) {
      const input = parseInput(help, args);
      const run = await load();
      return run(input, host);
    },
  };
}
