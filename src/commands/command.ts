import type { parseArgs } from "node:util";
import type { Host } from "../terminal/host.ts";
import { parseInput } from "./input.ts";

/** A flag as `parseArgs` of Node.js takes it, with what the help prints. */
export interface Flag {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in the help, such as `<path>`. */
  readonly value?: string;
  readonly about: string;
}

/** Flags by name, without dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** What the user typed after the name of a command. */
export interface Input<F extends Flags> {
  readonly flags: ReturnType<typeof parseArgs<{ options: F }>>["values"];
  readonly argument: string | undefined;
}

/** What the help prints about a command. */
export interface CommandHelp {
  readonly name: string;
  /** One line. */
  readonly about: string;
  /** The argument that the command takes, if it takes one. */
  readonly argument?: { readonly name: string; readonly about: string };
  readonly flags: Flags;
}

/** A command of the program `grpc-service`. */
export interface Command extends CommandHelp {
  /**
   * Runs it with the arguments after its name.
   *
   * @returns the exit code
   * @throws UsageError for wrong arguments
   */
  run(args: readonly string[], host: Host): Promise<number>;
}

/** Defines a command. Its code is loaded when it runs, so that the program starts fast. */
export function defineCommand<const F extends Flags>(
  help: CommandHelp & { readonly flags: F },
  load: () => Promise<(input: Input<F>, host: Host) => Promise<number>>,
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
