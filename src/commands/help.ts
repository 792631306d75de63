import type { Command } from "./command.ts";
import { argumentsOf, type CommandHelp, type Flags } from "./input.ts";

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
export function commandHelp(help: CommandHelp): string {
  const { name, about, flags, notes } = help;
  const list = argumentsOf(help);
  const usage = [...list.map((argument) => `[${argument.name}]`), "[flags]"].join(" ");
  const heading = list.length === 1 ? "Argument" : "Arguments";
  const rows = list.map((argument) => [argument.name, argument.about]);
  const argumentPart = list.length === 0 ? "" : `\n${heading}\n${table(rows)}\n`;
  return `grpc-service ${name}: ${about}

Usage
  grpc-service ${name} ${usage}
${argumentPart}
Flags
${table([...flagRows(flags), helpFlag])}
${notes === undefined ? "" : `\n${notes}\n`}`;
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
