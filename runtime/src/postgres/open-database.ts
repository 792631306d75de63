import { join } from "node:path";
import type { ClientConfig } from "pg";
import type { Resource } from "../app/resource.ts";
import type { Environment } from "../config/environment.ts";
import type { ServiceInfo } from "../config/service-info.ts";
import type { Logger } from "../logger/logger.ts";
import type { DatabaseConfig } from "./config.ts";
import { Database } from "./database.ts";
import { EmbeddedSource } from "./embedded-source.ts";
import { DatabaseProbe } from "./health.ts";
import { migrate } from "./migrate.ts";
import { readMigrations } from "./migrations.ts";
import { PgSource } from "./pg-source.ts";

/** The part of a service's settings that a database needs. */
export interface DatabaseSettings {
  readonly database: DatabaseConfig;
  readonly environment: Environment;
  readonly service: ServiceInfo;
}

/** Longest time to connect, in milliseconds. */
const connectTimeoutMs = 5_000;

/** Where the embedded database keeps its data in development, below the working directory. */
const embeddedFolder = join(".data", "postgres");

/**
 * The database of a service: PostgreSQL at `DATABASE_URL`, else an embedded one. It connects when it is
 * used: the server starts while the database is away. The embedded one keeps its data in `.data/` in
 * development; in tests it is in memory, and empty for each `Database`.
 */
export function openDatabase(settings: DatabaseSettings, logger: Logger): Database {
  const { url, statementTimeoutMs } = settings.database;
  if (url !== undefined) {
    return openServerDatabase(settings, url, (error) =>
      logger.warn({ err: error }, "lost a connection to the database"),
    );
  }
  const folder = settings.environment === "test" ? undefined : embeddedFolder;
  const limits = { poolSize: 1, statementTimeoutMs, behindPooler: false };
  return new Database(new EmbeddedSource(folder), limits);
}

/** @param onLost called when a connection breaks that nobody uses */
export function openServerDatabase(
  settings: DatabaseSettings,
  url: URL,
  onLost: (error: Error) => void,
): Database {
  const { database } = settings;
  return new Database(new PgSource(clientConfig(settings, url), { ...database, onLost }), database);
}

/** Settings of every connection to the server. */
function clientConfig({ database, service }: DatabaseSettings, url: URL): ClientConfig {
  return {
    connectionString: url.href,
    application_name: service.name,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: database.statementTimeoutMs,
    keepAlive: true,
  };
}

/** Options of `databaseResource`. */
export interface DatabaseResourceOptions {
  /** Folder of the migrations. */
  readonly migrations: string;
  readonly logger: Logger;
}

/**
 * A database as a resource of an app: migrated before the first call if the settings say so, and checked
 * by health.
 */
export function databaseResource(
  database: Database,
  settings: DatabaseSettings,
  { migrations: folder, logger }: DatabaseResourceOptions,
): Resource {
  const { url, migrateAtStart } = settings.database;
  const migrations = readMigrations(folder);
  // Who needs them sees why they cannot be read.
  migrations.catch(() => {});
  const probe = url && new DatabaseProbe(clientConfig(settings, url), database, migrations);
  return {
    async open(signal) {
      if (url === undefined && settings.environment !== "test") {
        logger.info(
          { folder: embeddedFolder },
          "the database is embedded, which takes seconds to start: DATABASE_URL is not set",
        );
      }
      if (!migrateAtStart) return;
      const done = await migrate(database, await migrations, {
        signal,
        onWait: (error) => logger.warn({ err: error }, "waiting for the database"),
      });
      if (done.length > 0) logger.info({ migrations: done }, "migrated the database");
    },
    async check(signal) {
      await probe?.check(signal);
    },
    async close() {
      probe?.close();
      await database.close();
    },
  };
}
