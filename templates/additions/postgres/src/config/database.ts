import type { EnvReader } from "./env-reader.ts";
import { environmentOf } from "./environment.ts";

export interface DatabaseConfig {
  /** Undefined: the database of this machine, if there is one; health does not ask for it. */
  readonly url: URL | undefined;
  /** Connections that one server may have open at a time. */
  readonly poolSize: number;
  /** Longest time that one statement may take; the database ends it then. */
  readonly statementTimeoutMs: number;
  readonly migrateAtStart: boolean;
}

export function readDatabaseConfig(env: EnvReader): DatabaseConfig {
  const environment = environmentOf(env);
  env.section("PostgreSQL");
  const url = env.url(
    "DATABASE_URL",
    "postgres://user:password@host:5432/database; must be set in production",
    ["postgres:", "postgresql:"],
  );
  if (url === undefined && environment === "production") {
    env.reject("DATABASE_URL", "must be set when ENV=production");
  }
  const migrateAtStart = env.oneOf(
    "MIGRATE_AT_START",
    "whether migrations/ run before the server serves; on in development only",
    ["on", "off"],
    undefined,
  );
  return {
    url,
    poolSize: env.integer("DATABASE_POOL_SIZE", "connections of one server", 10, {
      min: 1,
      max: 1000,
    }),
    statementTimeoutMs: env.integer(
      "DATABASE_STATEMENT_TIMEOUT_MS",
      "the database ends a statement that takes longer",
      30_000,
      { min: 1, max: 86_400_000 },
    ),
    migrateAtStart:
      migrateAtStart === undefined ? environment === "development" : migrateAtStart === "on",
  };
}
