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
