import type { QueryResult } from "./session.ts";

/** The call that an access to the database belongs to. A `CallContext` is one. */
export interface DatabaseCall {
  /** Aborts when the caller cancels or the deadline passes. */
  readonly signal: AbortSignal;
  readonly deadline?: Date | undefined;
}

/** A cursor in the shape of the package `pg-cursor`. */
export interface QueryCursor<Row> {
  read(count: number): Promise<Row[]>;
  close(): Promise<void>;
}

/** A connection as query builders such as Kysely want it. */
export interface CallConnection {
  /**
   * @throws the reason of the signal when the call has ended, GrpcError by the SQLSTATE, `DatabaseError`
   *   for any other error of PostgreSQL.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
  /**
   * Kysely's `stream()` wants it.
   *
   * @throws Error: a cursor holds its connection for as long as the caller reads. Read page by page, from
   *   the last id on.
   */
  query<Row>(cursor: QueryCursor<Row>): QueryCursor<Row>;
  release(): void;
}

/** The connections of one call: what Kysely's `PostgresDialect` takes as `pool`. */
export interface CallPool {
  connect(): Promise<CallConnection>;
  /** Does nothing: the connections belong to the server. */
  end(): Promise<void>;
}
