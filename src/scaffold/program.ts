import { spawn } from "node:child_process";
import process from "node:process";
import { errorCode } from "../terminal/errors.ts";

/** How a program is run. */
export interface ProgramOptions {
  readonly folder: string;
  /** Variables that differ from our own; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal;
  /** Shows what it prints as it comes, and collects nothing. Default false. */
  readonly show?: boolean;
  /** Lets a shell look for the program: for commands that hold nothing of a user. Default false. */
  readonly shell?: boolean;
}

/** How a program ended. */
export interface ProgramResult {
  /** Undefined when it did not start, or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly endedBy: NodeJS.Signals | undefined;
  /** Code of the system error that kept it from starting: `ENOENT` when there is no such program. */
  readonly startError: string | undefined;
  readonly output: Buffer;
  readonly errors: Buffer;
}

/** Runs a program to its end, whatever that is, with nothing on its standard input. */
export function runProgram(
  program: string,
  args: readonly string[],
  { folder, env, signal, show = false, shell = false }: ProgramOptions,
): Promise<ProgramResult> {
  const stream = show ? "inherit" : "pipe";
  // With a shell, Node.js wants one text: it would join them just so, and warn.
  const [command, rest] = shell ? [[program, ...args].join(" "), []] : [program, args];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", stream, stream],
    windowsHide: true,
    signal,
    shell,
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
  // We may be ended at once, by a second Ctrl-C: nothing that we started stays behind.
  const stop = () => child.kill();
  process.once("exit", stop);
  return new Promise((resolve) => {
    const settle = (end: Partial<ProgramResult>) => {
      process.off("exit", stop);
      resolve({
        exitCode: undefined,
        endedBy: undefined,
        startError: undefined,
        ...end,
        output: Buffer.concat(output),
        errors: Buffer.concat(errors),
      });
    };
    child.on("error", (error) => {
      // A program that was aborted runs on for a moment: wait for its end.
      if (child.pid === undefined) settle({ startError: errorCode(error) });
    });
    child.on("close", (code, endedBy) => {
      if (child.pid === undefined) return;
      settle({ exitCode: code ?? undefined, endedBy: endedBy ?? undefined });
    });
  });
}
