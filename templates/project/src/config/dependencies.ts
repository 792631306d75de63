import type { EnvReader } from "./env-reader.ts";

/** Settings of what the handlers depend on: read here, used in ../dependencies.ts. */
export interface DependencyConfig {
  /** PostgreSQL. Nothing opens it yet: hand it to your driver. */
  readonly databaseUrl: URL | undefined;
  /** Redis. Nothing opens it yet. */
  readonly redisUrl: URL | undefined;
}

export function readDependencyConfig(env: EnvReader): DependencyConfig {
  return {
    databaseUrl: env.url("DATABASE_URL", ["postgres:", "postgresql:"]),
    redisUrl: env.url("REDIS_URL", ["redis:", "rediss:"]),
  };
}
