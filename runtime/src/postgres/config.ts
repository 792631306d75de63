import type { EnvReader } from "../config/env-reader.ts";
import { readEnvironmentName } from "../config/environment.ts";

/** Settings of a PostgreSQL database. */
export interface DatabaseConfig {
  /** Undefined: an embedded database. */
  readonly url: URL | undefined;
  /** Connections of one server to the database. */
  readonly poolSize: number;
  /** Longest time of a statement in milliseconds; that of a call with an earlier deadline is shorter. */
  readonly statementTimeoutMs: number;
  /** Whether the connections lead to PgBouncer or the like in transaction mode. */
  readonly behindPooler: boolean;
  readonly migrateAtStart: boolean;
}

/**
 * Reads `DATABASE_URL` and the other settings of a database. Without an URL the database is embedded,
 * except in production.
 */
export function readDatabaseConfig(env: EnvReader): DatabaseConfig {
  const environment = readEnvironmentName(env);
  env.section("PostgreSQL");
  const url = env.url(
    "DATABASE_URL",
    "postgres://user:password@host:5432/database. Must be set in production. Default: an embedded database.",
    ["postgres:", "postgresql:"],
  );
  if (url === undefined && environment === "production") {
    env.reject("DATABASE_URL", "must be set when ENV=production");
  }
  return {
    url,
    migrateAtStart:
      env.onOff(
        "MIGRATE_AT_START",
        "Runs migrations/ before the server serves. Default: off in production, else on.",
        undefined,
      ) ?? environment !== "production",
    poolSize: env.integer("DATABASE_POOL_SIZE", "Connections of one server.", 10, {
      min: 1,
      max: 1000,
    }),
    statementTimeoutMs: env.integer(
      "DATABASE_STATEMENT_TIMEOUT_MS",
      "Longest time of a statement. Then the database cancels it.",
      30_000,
      { min: 1, max: 86_400_000 },
    ),
    behindPooler:
      env.onOff(
        "DATABASE_POOLER",
        "Whether DATABASE_URL leads to PgBouncer or the like in transaction mode.",
        false,
      ) ?? false,
  };
}
