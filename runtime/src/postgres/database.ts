import { addAbortListener } from "../abort-listeners.ts";
import { pause } from "../pause.ts";
import type { CallConnection, CallPool, DatabaseCall } from "./call.ts";
import { databaseFailure, isRepeatable } from "./failures.ts";
import { Lease, type LeaseOptions } from "./lease.ts";
import { Permits } from "./permits.ts";
import type { Session, SessionSource } from "./session.ts";

/** Longest wait of a call for a connection, in milliseconds. */
const waitMs = 5_000;
/** How often a transaction is tried that loses against another one. */
const attempts = 3;
/** Longest pause before the second attempt, in milliseconds; then twice as much. */
const pauseMs = 20;

/** Options of `Database`. */
export interface DatabaseOptions extends LeaseOptions {
  readonly poolSize: number;
}

/** A PostgreSQL database, as calls use it. See `openDatabase`. */
export class Database {
  readonly #source: SessionSource;
  readonly #options: DatabaseOptions;
  readonly #permits: Permits;
  #closed: Promise<void> | undefined;

  constructor(source: SessionSource, options: DatabaseOptions) {
    this.#source = source;
    this.#options = options;
    this.#permits = new Permits(options.poolSize, waitMs);
  }

  /** Connections, for `poolMetrics`. */
  get totalCount(): number {
    return this.#source.totalCount;
  }

  /** Connections that nobody uses. */
  get idleCount(): number {
    return this.#source.idleCount;
  }

  /** Calls that wait for a connection. */
  get waitingCount(): number {
    return this.#permits.waitingCount;
  }

  /** Milliseconds for which calls have waited and none has given a connection back. */
  get stuckMs(): number {
    return this.#permits.stuckMs;
  }

  /**
   * The connections for a call. Its statements are cancelled in the database when the call ends.
   *
   * @example
   * ```ts
   * const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.within(context) }) });
   * ```
   */
  within(call: DatabaseCall): CallPool {
    return { connect: () => this.#lend(call), end: nothing };
  }

  /**
   * Runs one statement in plain SQL for a call, as `within` does: the shortest way to the database.
   *
   * @returns its rows
   * @example
   * ```ts
   * const orders = await database.query<Order>(context, "SELECT * FROM orders WHERE id = $1", [id]);
   * ```
   */
  async query<Row>(call: DatabaseCall, text: string, values?: readonly unknown[]): Promise<Row[]> {
    const lease = await this.#lend(call);
    try {
      return (await lease.query<Row>(text, values)).rows;
    } finally {
      lease.release();
    }
  }

  /**
   * Runs `work` in a transaction: committed when it resolves, rolled back when it rejects or the call
   * ends. `work` runs again if it loses against another transaction (SQLSTATE 40001 and 40P01): it must
   * have no effect outside of the database.
   *
   * @param work gets a pool with the connection of the transaction
   * @throws GrpcError ABORTED when it has lost three times
   * @example
   * ```ts
   * await database.transaction(context, async (pool) => {
   *   const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
   *   await db.updateTable("accounts").set({ balance: 0 }).execute();
   * });
   * ```
   */
  async transaction<T>(call: DatabaseCall, work: (pool: CallPool) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#transact(call, work);
      } catch (error) {
        if (attempt === attempts || !isRepeatable(error)) throw error;
        await pause(Math.random() * pauseMs * 2 ** attempt, call.signal);
      }
    }
  }

  /** Waits for the calls that have connections. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#source.end();
    return this.#closed;
  }

  async #transact<T>(call: DatabaseCall, work: (pool: CallPool) => Promise<T>): Promise<T> {
    const lease = await this.#lend(call);
    try {
      await lease.query("BEGIN");
      const result = await work(poolOf(lease));
      await lease.query("COMMIT");
      return result;
    } finally {
      // Rolls back what was not committed.
      lease.release();
    }
  }

  async #lend(call: DatabaseCall): Promise<Lease> {
    const giveBack = await this.#permits.take(call.signal);
    // A connection that nobody uses comes at once.
    const isReady = this.#source.idleCount > 0;
    const connecting = this.#source.connect();
    try {
      const session = await (isReady ? connecting : unlessAborted(connecting, call.signal));
      return new Lease(session, call, this.#options, giveBack);
    } catch (error) {
      // It may come when the call has ended.
      connecting.then((late) => late.release(false), nothing).then(giveBack, nothing);
      throw call.signal.aborted ? call.signal.reason : databaseFailure(error);
    }
  }
}

/** A pool whose connections are all the same one. */
function poolOf(lease: Lease): CallPool {
  const connection: CallConnection = { query: lease.query.bind(lease), release() {} };
  return { connect: async () => connection, end: nothing };
}

/** @throws the reason of the signal, if that aborts first */
function unlessAborted(connecting: Promise<Session>, signal: AbortSignal): Promise<Session> {
  return new Promise((resolve, reject) => {
    const stopListening = addAbortListener(signal, () => reject(signal.reason));
    connecting
      .then((session) => {
        if (signal.aborted) reject(signal.reason);
        else resolve(session);
      }, reject)
      .finally(stopListening);
  });
}

async function nothing(): Promise<void> {}
