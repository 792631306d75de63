import { addAbortListener } from "../abort-listeners.ts";
import type { CallConnection, DatabaseCall, QueryCursor } from "./call.ts";
import { breaksConnection, databaseFailure, isStale } from "./failures.ts";
import type { QueryResult, Session } from "./session.ts";
import { statementTimeoutOf } from "./statement-timeout.ts";

/** Time between two requests to cancel the same statement, in milliseconds. */
const cancelAgainMs = 1_000;

/** How statements are limited in time. */
export interface LeaseOptions {
  /** Of any statement, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** Sessions change between transactions, so that settings hold for one transaction only. */
  readonly behindPooler: boolean;
}

/**
 * A session that is lent to a call. When the call ends while a statement runs, the statement is cancelled
 * in the database, and the session goes back once it has ended there: until then it counts.
 */
export class Lease implements CallConnection {
  readonly #session: Session;
  readonly #call: DatabaseCall;
  readonly #options: LeaseOptions;
  readonly #giveBack: () => void;
  /** The statements in their order, of which the database has the first. Several, in a transaction only. */
  readonly #running = new Set<Promise<unknown>>();
  #cancelling: Promise<void> | undefined;
  #isInTransaction = false;
  #isBroken = false;
  #isReleased = false;
  readonly #stopListening: () => void;

  /** @param giveBack called when others may have a session in its place */
  constructor(session: Session, call: DatabaseCall, options: LeaseOptions, giveBack: () => void) {
    this.#session = session;
    this.#call = call;
    this.#options = options;
    this.#giveBack = giveBack;
    this.#stopListening = addAbortListener(call.signal, () => {
      if (this.#running.size > 0) this.#cancelling ??= this.#cancel();
    });
  }

  query<Row>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
  query<Row>(cursor: QueryCursor<Row>): QueryCursor<Row>;
  query<Row>(
    text: string | QueryCursor<Row>,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> | QueryCursor<Row> {
    if (typeof text === "string") return this.#query(text, values, true);
    throw new Error("a cursor would hold its connection: read page by page, from the last id on");
  }

  /** @param isFirst whether it may run again, if it has not been run at all */
  async #query<Row>(
    text: string,
    values: readonly unknown[],
    isFirst: boolean,
  ): Promise<QueryResult<Row>> {
    const { signal } = this.#call;
    signal.throwIfAborted();
    try {
      return await this.#limited<Row>(text, values);
    } catch (error) {
      if (isFirst && !this.#isInTransaction && isStale(error)) {
        return await this.#query(text, values, false);
      }
      this.#isBroken ||= breaksConnection(error);
      throw signal.aborted ? signal.reason : databaseFailure(error);
    }
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#stopListening();
    void this.#end();
  }

  /** Runs a statement with a time limit that the database knows. */
  async #limited<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    const timeoutMs = statementTimeoutOf(this.#call, this.#options.statementTimeoutMs);
    if (begins(text)) {
      this.#isInTransaction = true;
      return await this.#run<Row>(`${text}; SET LOCAL statement_timeout = ${timeoutMs}`);
    }
    if (ends(text)) {
      const result = await this.#run<Row>(text, values);
      this.#isInTransaction = false;
      return result;
    }
    if (!this.#isInTransaction) {
      if (this.#options.behindPooler) return await this.#alone<Row>(text, values);
      await this.#setTimeout(timeoutMs);
    }
    return await this.#run<Row>(text, values);
  }

  /** A transaction for one statement. */
  async #alone<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      await this.#limited("BEGIN", []);
      const result = await this.#run<Row>(text, values);
      await this.#limited("COMMIT", []);
      return result;
    } catch (error) {
      // Later statements of the call must not join this transaction. After the end of a call there are none.
      if (!this.#call.signal.aborted) await this.#rollBack();
      throw error;
    }
  }

  async #setTimeout(timeoutMs: number): Promise<void> {
    if (this.#session.statementTimeoutMs === timeoutMs) return;
    await this.#run(`SET statement_timeout = ${timeoutMs}`);
    this.#session.statementTimeoutMs = timeoutMs;
  }

  async #run<Row>(text: string, values: readonly unknown[] = []): Promise<QueryResult<Row>> {
    this.#call.signal.throwIfAborted();
    const running = this.#session.query<Row>(text, values);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /**
   * Asks until the statements have ended: a request that comes before a busy database has begun with the
   * statement is lost. A database that does not answer loses the connection.
   */
  async #cancel(): Promise<void> {
    for (let [running] = this.#running; running !== undefined; [running] = this.#running) {
      if (!(await this.#session.cancel())) {
        this.#isBroken = true;
        this.#session.release(true);
        return;
      }
      await endOrTime(running, cancelAgainMs);
    }
  }

  async #end(): Promise<void> {
    await this.#cancelling;
    await Promise.allSettled(this.#running);
    await this.#rollBack();
    this.#session.release(this.#isBroken);
    this.#giveBack();
  }

  /** Ends a transaction that was not committed. */
  async #rollBack(): Promise<void> {
    if (!this.#isInTransaction || this.#isBroken) return;
    try {
      await this.#session.query("ROLLBACK", []);
      this.#isInTransaction = false;
    } catch {
      this.#isBroken = true;
    }
  }
}

/** Waits until a statement has ended, or for a while. */
async function endOrTime(running: Promise<unknown>, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    running.catch(ignore).finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function begins(text: string): boolean {
  return /^\s*(?:begin|start\s+transaction)\b/i.test(text);
}

function ends(text: string): boolean {
  return /^\s*(?:commit|rollback(?!\s+to)|end|abort)\b/i.test(text);
}

function ignore(): void {}
