import type { Command } from "./command.ts";
import type { CommandHelp, Flags } from "./input.ts";

const helpFlag = ["-h, --help", "Print this text."];

/** Text of `grpc-service --help`. */
export function programHelp(commands: readonly Command[]): string {
  return `grpc-service: commands for projects made by create-grpc-service

Usage
  grpc-service <command> [flags]

Commands
${table(commands.map(({ name, about }) => [name, about]))}

Flags
${table([helpFlag, ["-v, --version", "Print the version."]])}

grpc-service <command> --help prints the flags of a command.

Exit codes: 0 done; 1 failed; 2 wrong usage or input; 130 interrupted.
`;
}

/** Text of `grpc-service <command> --help`. */
export function commandHelp({ name, about, argument, flags }: CommandHelp): string {
  const usage = argument === undefined ? "[flags]" : `[${argument.name}] [flags]`;
  const argumentPart =
    argument === undefined ? "" : `\nArgument\n${table([[argument.name, argument.about]])}\n`;
  return `grpc-service ${name}: ${about}

Usage
  grpc-service ${name} ${usage}
${argumentPart}
Flags
${table([...flagRows(flags), helpFlag])}
`;
}

function flagRows(flags: Flags): string[][] {
  return Object.entries(flags).map(([name, { short, value, multiple, about }]) => {
    const names = `${short === undefined ? "" : `-${short}, `}--${name}`;
    const usage = value === undefined ? names : `${names} ${value}`;
    return [usage, multiple === true ? `${about} Repeatable.` : about];
  });
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first = ""]) => first.length));
  return rows.map(([first = "", rest]) => `  ${first.padEnd(width)}  ${rest}`).join("\n");
}
