import { parseArgs } from "node:util";
import { UsageError } from "../terminal/errors.ts";
import { nearest } from "../terminal/nearest.ts";

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

/**
 * Reads the arguments after the name of a command.
 *
 * @throws UsageError for an unknown flag, a flag without its value, and an argument too many
 */
export function parseInput<F extends Flags>(
  { name, argument, flags }: CommandHelp & { readonly flags: F },
  args: readonly string[],
): Input<F> {
  checkFlags(name, flags, args);
  const { values, positionals } = parseArgs({
    args: [...args],
    options: flags,
    allowPositionals: true,
  });
  const [first, ...others] = argument === undefined ? [undefined, ...positionals] : positionals;
  if (others[0] !== undefined) {
    throw new UsageError(`unexpected argument "${others[0]}"; see grpc-service ${name} --help`);
  }
  return { flags: values, argument: first };
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
