import { type DatabaseConfig, readDatabaseConfig } from "./database.ts";
import type { EnvReader } from "./env-reader.ts";

/** Settings of what the handlers depend on: read here, used in ../dependencies.ts. */
export interface DependencyConfig {
  readonly database: DatabaseConfig;
}

export function readDependencyConfig(env: EnvReader): DependencyConfig {
  return { database: readDatabaseConfig(env) };
}
