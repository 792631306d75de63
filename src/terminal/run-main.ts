import { isatty } from "node:tty";
import { describeSystemError, errorCode, outputFailed } from "./errors.ts";
import type { StreamHost } from "./host.ts";

/**
 * Runs a program on the real process: its arguments, streams and signals. The first SIGINT, SIGTERM or
 * SIGHUP aborts the signal of the host, so that the program can clean up; the second one exits.
 *
 * @param main returns the exit code and does not reject
 */
export function runMain(
  main: (args: readonly string[], host: StreamHost) => Promise<number>,
): void {
  const interrupt = new AbortController();
  let hasEnded = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // The handler stays: without one, libraries that clean up after child processes end this process by
    // the signal.
    process.on(signal, () => {
      // What keeps the process alive now does not listen to the signal of the host.
      if (hasEnded || interrupt.signal.aborted) process.exit(130);
      interrupt.abort();
    });
  }

  let outputFailure: Error | undefined;
  const end = (code: number) => {
    process.exitCode = code;
    // A command that reports it itself has failed already.
    if (outputFailure === undefined || code !== 0) return;
    const reason = describeSystemError(outputFailure) ?? outputFailure.message;
    process.stderr.write(`standard output: ${reason}\n`);
    process.exitCode = outputFailed;
  };
  process.stdout.on("error", (error) => {
    // A reader that closes early, as in `create-grpc-service --help | head -1`, is not a failure.
    if (["EPIPE", "ERR_STREAM_DESTROYED"].includes(errorCode(error) ?? "")) return;
    const isFirst = outputFailure === undefined;
    outputFailure ??= error;
    if (hasEnded && isFirst) end(Number(process.exitCode));
  });
  process.stderr.on("error", () => undefined);

  let cwd: string;
  try {
    cwd = process.cwd();
  } catch {
    process.stderr.write("the current folder does not exist any more\n");
    process.exitCode = 2;
    return;
  }

  // Without await: the bundle is CommonJS.
  void main(process.argv.slice(2), {
    cwd,
    env: process.env,
    interactive: isatty(0) && process.stdout.isTTY === true,
    // 0 if the terminal does not know its size.
    columns: process.stdout.columns || 80,
    signal: interrupt.signal,
    // A getter: opening it costs time, and a pipe that is open keeps a process alive.
    get input() {
      return process.stdin;
    },
    inputIsTerminal: isatty(0),
    outputIsTerminal: process.stdout.isTTY === true,
    output: process.stdout,
    print: (text) => process.stdout.write(text),
    note: (text) => process.stderr.write(text),
  }).then((code) => {
    hasEnded = true;
    end(code);
  });
}
