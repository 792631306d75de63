import { reason } from "grpc-service/app";
import { DatabaseError, type Pool, type PoolClient } from "pg";
import type { Migration } from "./migrations.ts";
import { transaction } from "./transaction.ts";

/** Id of the advisory lock for migrations. No other code may use the same id. */
const lockId = 507_112_026;

/**
 * Runs the pending migrations, each in its own transaction. Several servers may start at the same time: one
 * migrates, the others wait.
 *
 * @returns the names of the migrations that this call ran
 * @throws Error when a migration fails, was changed after it ran, or has a lower number than one that ran
 */
export async function migrate(
  database: Pool,
  migrations: readonly Migration[],
  signal: AbortSignal,
): Promise<string[]> {
  const applied = await locked(database, signal, readApplied);
  checkHistory(migrations, applied);
  const done: string[] = [];
  for (const migration of migrations.filter(({ id }) => !applied.has(id))) {
    const ran = await locked(database, signal, (client) => apply(client, migration));
    if (ran) done.push(migration.name);
  }
  return done;
}

/** Id -> checksum. */
type Applied = ReadonlyMap<number, string>;

/** Runs `work` in a transaction with the lock, and without a statement timeout. */
function locked<T>(
  database: Pool,
  signal: AbortSignal,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return transaction(database, signal, async (client) => {
    await client.query("SET LOCAL statement_timeout = 0");
    await client.query("SELECT pg_advisory_xact_lock($1)", [lockId]);
    return work(client);
  });
}

async function readApplied(client: PoolClient): Promise<Applied> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      id integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  const { rows } = await client.query<{ id: number; checksum: string }>(
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
async function apply(client: PoolClient, { id, name, sql, checksum }: Migration): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM schema_migrations WHERE id = $1", [id]);
  if (rowCount !== 0) return false;
  try {
    await client.query(sql);
  } catch (cause) {
    throw new Error(`migrations: ${name}${lineOf(cause, sql)}: ${reason(cause)}`, { cause });
  }
  await client.query("INSERT INTO schema_migrations (id, name, checksum) VALUES ($1, $2, $3)", [
    id,
    name,
    checksum,
  ]);
  return true;
}

/** Line of an error in the SQL. PostgreSQL reports the position in characters. */
function lineOf(cause: unknown, sql: string): string {
  if (!(cause instanceof DatabaseError) || cause.position === undefined) return "";
  return `:${sql.slice(0, Number(cause.position)).split("\n").length}`;
}
