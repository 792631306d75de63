import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { packageRoot } from "../../src/package-root.ts";
import { startPostgres } from "../../test/ops/services/postgres.ts";

const migration = join(packageRoot(), "examples", "user-service", "migrations", "0001-users.sql");

/** Users that the table has before each slice; `programs/operations.mjs` relies on it. */
const seeded = 1000;

const seed = `
  TRUNCATE users RESTART IDENTITY;
  INSERT INTO users (name, email, email_key, age, hobbies, status, created_by)
  SELECT 'Grace Hopper', 'Grace.' || n || '@example.com', 'grace.' || n || '@example.com', 20 + n % 60,
    ARRAY['mathematics', 'music', 'horses'], 1, 'bench'
  FROM generate_series(1, ${seeded}) AS n`;

/** A PostgreSQL server, with a database for each server that is measured. */
export interface Databases {
  /** An empty one: the program makes its table if it has migrations of its own. */
  create(): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase {
  readonly url: string;
  /** Makes the table unless there is one, with the same users each time. */
  reset(): Promise<void>;
}

export async function startDatabases(): Promise<Databases> {
  // What it does by itself, at moments of its own, would meet some stacks more than others.
  const settings = ["max_connections=300", "autovacuum=off", "checkpoint_timeout=1h"];
  const server = await startPostgres([...settings, "max_wal_size=8GB"]);
  const clients: Client[] = [];
  const connect = async (url: string): Promise<Client> => {
    const client = new Client(url);
    await client.connect();
    clients.push(client);
    return client;
  };
  const admin = await connect(server.url);
  const table = await readFile(migration, "utf8");
  return {
    async create() {
      const name = `bench_${randomBytes(4).toString("hex")}`;
      await admin.query(`CREATE DATABASE ${name}`);
      const url = new URL(server.url);
      url.pathname = name;
      const client = await connect(url.href);
      return {
        url: url.href,
        async reset() {
          const { rows } = await client.query("SELECT to_regclass('users') AS found");
          if (rows[0]?.found === null) await client.query(table);
          await client.query(seed);
          await client.query("ANALYZE users");
        },
      };
    },
    async stop() {
      await Promise.all(clients.map((client) => client.end()));
      await server.stop();
    },
  };
}
