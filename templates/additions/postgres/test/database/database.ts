import { randomBytes } from "node:crypto";
import { Pool } from "pg";
import { pino } from "pino";
import { openDatabase } from "../../src/database/open-database.ts";

/** A PostgreSQL server for tests, with a user that may create databases. Without it, tests are skipped. */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL;

/** A new database; `close` drops it. */
export interface TestDatabase {
  readonly url: URL;
  readonly pool: Pool;
  close(): Promise<void>;
}

export async function createTestDatabase(serverUrl = testDatabaseUrl): Promise<TestDatabase> {
  const admin = new Pool({ connectionString: serverUrl, max: 1 });
  const name = `test_${randomBytes(8).toString("hex")}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl ?? "");
  url.pathname = name;
  const database = { url, poolSize: 5, statementTimeoutMs: 10_000, migrateAtStart: false };
  const service = { name: "test", version: "0.0.0" };
  const pool = openDatabase({ database, service }, pino({ level: "silent" }));
  return {
    url,
    pool,
    async close() {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
