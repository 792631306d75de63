import {
  type ClientBase,
  type ClientConfig,
  type QueryResult as PgResult,
  Pool,
  type PoolClient,
  Query,
} from "pg";
import { requestCancel } from "./cancel-request.ts";
import { isStale } from "./failures.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { commandOf, type QueryResult, type Session, type SessionSource } from "./session.ts";

/** Options of the sessions with a PostgreSQL server. */
export interface PgOptions {
  readonly poolSize: number;
  /** Connections change between transactions, so that nothing can be prepared on one. */
  readonly behindPooler: boolean;
  /** Called when a connection breaks that nobody uses. */
  readonly onLost: (error: Error) => void;
}

/** Sessions with a PostgreSQL server. The first one connects: the server may be away when this is made. */
export class PgSource implements SessionSource {
  readonly #pool: Pool;
  readonly #sessions = new WeakMap<PoolClient, PgSession>();
  readonly #prepares: boolean;

  constructor(config: ClientConfig, { poolSize, behindPooler, onLost }: PgOptions) {
    this.#prepares = !behindPooler;
    this.#pool = new Pool({ ...config, max: poolSize });
    // An idle connection broke and the pool drops it. Without a listener the process would end.
    this.#pool.on("error", onLost);
  }

  get totalCount(): number {
    return this.#pool.totalCount;
  }

  get idleCount(): number {
    return this.#pool.idleCount;
  }

  async connect(): Promise<Session> {
    const client = await this.#pool.connect();
    const known = this.#sessions.get(client);
    if (known !== undefined) return known.lend();
    const session = new PgSession(client, this.#prepares);
    this.#sessions.set(client, session);
    return session.lend();
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/**
 * Runs a statement, or several without values; the result is that of the last one.
 *
 * @param name under which the database keeps the statement prepared
 */
export async function runWith<Row>(
  client: ClientBase,
  text: string,
  values: readonly unknown[],
  name?: string,
): Promise<QueryResult<Row>> {
  const results = await submit(client, text, values, name);
  const last = Array.isArray(results) ? results.at(-1) : results;
  return {
    command: commandOf(last?.command ?? ""),
    rowCount: last?.rowCount ?? 0,
    rows: last?.rows ?? [],
  };
}

/**
 * What `client.query({ text, values, name })` does, which copies its argument property by property: that
 * takes longer than a kept plan saves.
 *
 * @returns an array for several statements
 */
function submit(
  client: ClientBase,
  text: string,
  values: readonly unknown[],
  name: string | undefined,
): Promise<PgResult | PgResult[]> {
  return new Promise((resolve, reject) => {
    const query = new Query(text, [...values]);
    const callback = (error: unknown, results: PgResult | PgResult[]): void => {
      if (error) reject(error);
      else resolve(results);
    };
    client.query(Object.assign(query, { name, callback }));
  });
}

class PgSession implements Session {
  statementTimeoutMs: number | undefined;
  readonly #client: PoolClient;
  readonly #prepared: PreparedStatements | undefined;
  #isLent = false;

  constructor(client: PoolClient, prepares: boolean) {
    this.#client = client;
    this.#prepared = prepares ? new PreparedStatements() : undefined;
    // A connection that breaks fails its statement. Without a listener, the process would end as well.
    client.on("error", ignore);
  }

  lend(): this {
    this.#isLent = true;
    return this;
  }

  async query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    const name = values.length > 0 ? this.#prepared?.nameOf(text) : undefined;
    if (name === undefined) return await runWith<Row>(this.#client, text, values);
    try {
      return await runWith<Row>(this.#client, text, values, name);
    } catch (error) {
      if (isStale(error)) this.#prepared?.forget(text);
      throw error;
    }
  }

  cancel(): Promise<boolean> {
    return requestCancel(this.#client);
  }

  release(isBroken: boolean): void {
    if (!this.#isLent) return;
    this.#isLent = false;
    this.#client.release(isBroken);
  }
}

function ignore(): void {}
