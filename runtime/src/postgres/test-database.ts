import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** A new database on a server, for a test. */
export interface TestDatabase {
  readonly url: URL;
  /** Drops it. */
  close(): Promise<void>;
}

/**
 * Creates an empty database for a test.
 *
 * @param serverUrl a PostgreSQL server, with a user that may create databases
 */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return { url, close: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client(serverUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
