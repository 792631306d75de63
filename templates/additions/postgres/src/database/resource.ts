import { fileURLToPath } from "node:url";
import type { Resource } from "grpc-service/app";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { DatabaseConfig } from "./config.ts";
import { withConnection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { readMigrations } from "./migrations.ts";

/** Two folders below package.json both as src/database and as dist/database. */
export const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));

/**
 * The database as a resource: migrated before the first call and checked by health. Without DATABASE_URL
 * it is neither.
 */
export function databaseResource(database: Pool, config: DatabaseConfig, logger: Logger): Resource {
  const close = () => database.end();
  if (config.url === undefined) return { close };
  return {
    async open(signal) {
      if (!config.migrateAtStart) return;
      const done = await migrate(database, await readMigrations(migrationsFolder), signal);
      if (done.length > 0) logger.info({ migrations: done }, "migrated the database");
    },
    async check(signal) {
      await withConnection(database, signal, (client) => client.query("SELECT 1"));
    },
    close,
  };
}
