import type { Readable, Writable } from "node:stream";

/** What a program uses of its process. Only `runMain` makes one from the real process. */
export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard input and output are a terminal. Otherwise nothing is prompted. */
  readonly interactive: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Prints the result. */
  print(text: string): void;
  /** Prints progress and hints. */
  note(text: string): void;
}

/** The same with other environment variables. */
export function withEnvironment(
  { cwd, env, interactive, columns, signal, print, note }: Host,
  variables: Host["env"],
): Host {
  return { cwd, env: { ...env, ...variables }, interactive, columns, signal, print, note };
}

/** A host whose standard streams a program reads and writes itself. */
export interface StreamHost extends Host {
  readonly input: Readable;
  readonly inputIsTerminal: boolean;
  readonly outputIsTerminal: boolean;
  /** For results that need backpressure, and a reader that may leave. */
  readonly output: Writable;
}
