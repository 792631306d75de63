/** What a program uses of its process. Only `runMain` makes one from the real process. */
export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person sits at both ends: without that, nothing is asked. */
  readonly interactive: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Prints to the person or pipe that reads the result. */
  print(text: string): void;
  /** Prints what is going on: progress, hints. */
  note(text: string): void;
}
