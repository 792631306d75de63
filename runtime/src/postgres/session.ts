const commands = ["DELETE", "INSERT", "MERGE", "SELECT", "UPDATE"] as const;
const longest = "DELETE".length;

/** What a statement has returned. */
export interface QueryResult<Row> {
  readonly command: (typeof commands)[number];
  readonly rowCount: number;
  readonly rows: Row[];
}

/** One session with a database. It runs one statement at a time. */
export interface Session {
  /** What the session was told last; undefined: nothing yet. In milliseconds. */
  statementTimeoutMs: number | undefined;
  query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>>;
  /** Asks the database to end the running statement. Never rejects. @returns whether it was told */
  cancel(): Promise<boolean>;
  /** To be called once or more often. @param isBroken whether it must not be used again */
  release(isBroken: boolean): void;
}

/** Where sessions come from. */
export interface SessionSource {
  /** @throws Error when the database cannot be reached. */
  connect(): Promise<Session>;
  readonly totalCount: number;
  readonly idleCount: number;
  end(): Promise<void>;
}

/** What a statement does, by its first word; the others return no rows, as a SELECT of nothing. */
export function commandOf(text: string): QueryResult<unknown>["command"] {
  const start = text.trimStart().slice(0, longest).toUpperCase();
  return commands.find((command) => start.startsWith(command)) ?? "SELECT";
}
