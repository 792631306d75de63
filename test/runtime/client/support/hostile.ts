/** A server to call, for `processes/hostile-client.ts`. */
export interface Target {
  readonly name: string;
  readonly port: number;
  /** Deadlines of its calls, in milliseconds: of those with one reply, and of those with many. */
  readonly timeoutMs: { readonly one: number; readonly many: number };
}

/** What a call came to. */
export interface Outcome {
  readonly pattern: string;
  /** Whether the method was declared safe to retry. */
  readonly retried: boolean;
  /** `OK` and the number of messages, or the code of the error. */
  readonly result: string;
  readonly text: string;
  readonly timeoutMs: number;
  readonly ms: number;
}

export interface Report {
  readonly outcomes: Record<string, Outcome[]>;
  /** Uncaught exceptions and unhandled rejections. */
  readonly uncaught: string[];
}
