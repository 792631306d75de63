import { parseArgs } from "node:util";
import { isProtoPath } from "../scaffold/protos/names.ts";
import { UsageError } from "../terminal/errors.ts";
import { nearest } from "../terminal/nearest.ts";
import { shellWord } from "../terminal/shell-word.ts";

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
  /** All arguments, for a command that takes several. */
  readonly arguments: readonly string[];
}

/** An argument as the help prints it. */
export interface Argument {
  readonly name: string;
  readonly about: string;
}

/** What the help prints about a command. */
export interface CommandHelp {
  readonly name: string;
  /** One line. */
  readonly about: string;
  /** The argument that the command takes, if it takes one. */
  readonly argument?: Argument;
  /** The arguments of a command that takes several. All of them are optional. */
  readonly arguments?: readonly Argument[];
  readonly flags: Flags;
  /** What `--help` prints below the flags. */
  readonly notes?: string;
  /**
   * Exit code when the command does not run, for commands whose other exit codes mean something else.
   * Default: 2 for wrong usage or input, 1 for a failure.
   */
  readonly failureCode?: number;
}

/**
 * Reads the arguments after the name of a command.
 *
 * @throws UsageError for an unknown flag, a flag without its value, and an argument too many
 */
export function parseInput<F extends Flags>(
  help: CommandHelp & { readonly flags: F },
  args: readonly string[],
): Input<F> {
  const { name, flags } = help;
  checkFlags(name, flags, args);
  const { values, positionals } = parseArgs({
    args: [...args],
    options: flags,
    allowPositionals: true,
  });
  const extra = positionals[argumentsOf(help).length];
  if (extra !== undefined) {
    const proto = Object.hasOwn(flags, "proto") ? positionals.find(isProtoPath) : undefined;
    throw proto === undefined ? unexpectedArgument(name, extra) : misplacedProto(proto);
  }
  return { flags: values, argument: positionals[0], arguments: positionals };
}

/** For an argument too many. */
export function unexpectedArgument(command: string, argument: string): UsageError {
  return new UsageError(`unexpected argument "${argument}"; see grpc-service ${command} --help`);
}

/** For an argument that is the value of `--proto`. */
export function misplacedProto(path: string): UsageError {
  return new UsageError(`unexpected argument "${path}"; give it as --proto ${shellWord(path)}`);
}

/** The arguments that a command takes. */
export function argumentsOf({ argument, arguments: several }: CommandHelp): readonly Argument[] {
  return several ?? (argument === undefined ? [] : [argument]);
}

/** Before `parseArgs`: its own messages are long and suggest nothing. */
function checkFlags(command: string, flags: Flags, args: readonly string[]): void {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { rawName, value, inlineValue } = token;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(command, rawName, Object.keys(flags));
    if (flag.type === "boolean") {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    } else if (!value || (inlineValue !== true && value.startsWith("-"))) {
      throw new UsageError(`${rawName} needs a value; see grpc-service ${command} --help`);
    }
  }
}

function unknownFlag(command: string, rawName: string, known: readonly string[]): UsageError {
  const near = nearest(rawName.replace(/^-+/, ""), [...known, "help"]);
  const hint =
    near === undefined ? `see grpc-service ${command} --help` : `did you mean --${near}?`;
  return new UsageError(`unknown flag "${rawName}"; ${hint}`);
}
