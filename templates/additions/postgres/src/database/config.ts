import { type EnvReader, readEnvironmentName } from "grpc-service/config";

export interface DatabaseConfig {
  /** Undefined: the default database of this machine; health does not check it. */
  readonly url: URL | undefined;
  /** Connections of one server. */
  readonly poolSize: number;
  /** Longest time of a statement in milliseconds; then the database cancels it. */
  readonly statementTimeoutMs: number;
  readonly migrateAtStart: boolean;
}

export function readDatabaseConfig(env: EnvReader): DatabaseConfig {
  const environment = readEnvironmentName(env);
  env.section("PostgreSQL");
  const url = env.url(
    "DATABASE_URL",
    "postgres://user:password@host:5432/database. Must be set in production.",
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
        "Runs migrations/ before the server serves. Default: on in development, else off.",
        undefined,
      ) ?? environment === "development",
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
  };
}
