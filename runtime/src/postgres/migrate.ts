import { setTimeout as delay } from "node:timers/promises";
import { GrpcError, textOf } from "../error.ts";
import type { CallConnection } from "./call.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./failures.ts";
import type { Migration } from "./migrations.ts";
import type { QueryResult } from "./session.ts";

/** Id of the advisory lock for migrations. No other code may use the same id. */
const lockId = 507_112_026;

/** Pause before the database is asked again, in milliseconds. */
const patienceMs = 1_000;

/** Options of `migrate`. */
export interface MigrateOptions {
  readonly signal: AbortSignal;
  /** Called once if the database cannot be reached; it is asked again until the signal aborts. */
  readonly onWait?: (error: unknown) => void;
}

/**
 * Runs the pending migrations, each in its own transaction. Several servers may start at the same time: one
 * migrates, the others wait. It also waits for a database that is away.
 *
 * @returns the names of the migrations that this call ran
 * @throws Error when a migration fails, was changed after it ran, or has a lower number than one that ran
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  { signal, onWait }: MigrateOptions,
): Promise<string[]> {
  const applied = await patiently(() => locked(database, signal, readApplied), signal, onWait);
  checkHistory(migrations, applied);
  const done: string[] = [];
  for (const migration of migrations.filter(({ id }) => !applied.has(id))) {
    if (await locked(database, signal, (connection) => apply(connection, migration))) {
      done.push(migration.name);
    }
  }
  return done;
}

/** What runs statements. */
interface Queryable {
  query<Row>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** The migrations that have not run. Does not wait for those that run at the moment. */
export async function pendingMigrations(
  connection: Queryable,
  migrations: readonly Migration[],
): Promise<string[]> {
  if (migrations.length === 0) return [];
  const { rows } = await connection.query<{ exists: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS exists",
  );
  if (rows[0]?.exists !== true) return migrations.map(({ name }) => name);
  const applied = await readRows(connection);
  return migrations.filter(({ id }) => !applied.has(id)).map(({ name }) => name);
}

async function patiently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onWait: MigrateOptions["onWait"],
): Promise<T> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GrpcError) || error.code !== "UNAVAILABLE") throw error;
      if (isFirst) onWait?.(error);
      await delay(patienceMs, undefined, { signal });
    }
  }
}

/** Id -> checksum. */
type Applied = ReadonlyMap<number, string>;

/** Runs `work` in a transaction with the lock, and without a statement timeout. */
function locked<T>(
  database: Database,
  signal: AbortSignal,
  work: (connection: CallConnection) => Promise<T>,
): Promise<T> {
  return database.transaction({ signal }, async (pool) => {
    const connection = await pool.connect();
    await connection.query("SET LOCAL statement_timeout = 0");
    await connection.query("SELECT pg_advisory_xact_lock($1)", [lockId]);
    return await work(connection);
  });
}

async function readApplied(connection: CallConnection): Promise<Applied> {
  await connection.query(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      id integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  return await readRows(connection);
}

async function readRows(connection: Queryable): Promise<Applied> {
  const { rows } = await connection.query<{ id: number; checksum: string }>(
    "SELECT id, checksum FROM schema_migrations",
  );
  return new Map(rows.map(({ id, checksum }) => [id, checksum]));
}

/** Unknown applied migrations are allowed: during a rollout, old servers run next to new ones. */
function checkHistory(migrations: readonly Migration[], applied: Applied): void {
  const last = Math.max(0, ...applied.keys());
  for (const { id, name, checksum } of migrations) {
    const known = applied.get(id);
    if (known === undefined && id < last) {
      throw new Error(`migrations: ${name} comes too late, number ${last} has run: renumber it`);
    }
    if (known !== undefined && known !== checksum) {
      throw new Error(`migrations: ${name} was changed after it had run: write a new one instead`);
    }
  }
}

/** False if another server has applied it in the meantime. */
async function apply(
  connection: CallConnection,
  { id, name, sql, checksum }: Migration,
): Promise<boolean> {
  const { rows } = await connection.query("SELECT FROM schema_migrations WHERE id = $1", [id]);
  if (rows.length > 0) return false;
  await connection.query(sql).catch((cause: unknown) => {
    const { line, text } = placeOf(cause, sql);
    throw new Error(`migrations: ${name}${line}: ${text}`, { cause });
  });
  await connection.query("INSERT INTO schema_migrations (id, name, checksum) VALUES ($1, $2, $3)", [
    id,
    name,
    checksum,
  ]);
  return true;
}

/** Where in the SQL an error is, and what it says. */
function placeOf(thrown: unknown, sql: string): { line: string; text: string } {
  const error = thrown instanceof GrpcError ? thrown.cause : thrown;
  if (!(error instanceof DatabaseError)) return { line: "", text: textOf(error) };
  const { position, message } = error;
  // PostgreSQL counts characters.
  const line = position === undefined ? "" : `:${sql.slice(0, position).split("\n").length}`;
  return { line, text: message };
}
