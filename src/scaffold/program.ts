import { execa } from "execa";

/** How a program is run. */
export interface ProgramOptions {
  readonly folder: string;
  /** Environment variables to set; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal;
  /** Ends the program after this time. Default 0: no limit. */
  readonly timeoutMs?: number;
  /** Text for its standard input. Default: empty. */
  readonly input?: string;
  /** Prints the output instead of collecting it. Default false. */
  readonly show?: boolean;
}

/** How a program ended. */
export interface ProgramResult {
  /** Undefined if it did not start or a signal ended it. */
  readonly exitCode: number | undefined;
  readonly endedBy: string | undefined;
  /** Code of the system error that prevented the start: `ENOENT` if the program is not installed. */
  readonly startError: string | undefined;
  readonly timedOut: boolean;
  readonly output: Uint8Array;
  readonly errors: string;
}

/** Runs a program until it ends. It does not outlive this process. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { folder, env = {}, signal, timeoutMs = 0, input, show = false }: ProgramOptions,
): Promise<ProgramResult> {
  const stream = show ? "inherit" : "pipe";
  const result = await execa(program, args, {
    cwd: folder,
    env,
    ...(signal !== undefined && { cancelSignal: signal }),
    timeout: timeoutMs,
    ...(input === undefined ? { stdin: "ignore" } : { input }),
    stdout: stream,
    stderr: stream,
    encoding: "buffer",
    stripFinalNewline: false,
    maxBuffer: 1024 ** 3,
    reject: false,
  });
  const { exitCode, timedOut, stdout, stderr } = result;
  return {
    exitCode,
    endedBy: result.signal,
    startError: result.code,
    timedOut,
    output: stdout ?? new Uint8Array(),
    errors: Buffer.from(stderr ?? []).toString(),
  };
}
