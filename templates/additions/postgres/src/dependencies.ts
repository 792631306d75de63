import type { Pool } from "pg";
import type { Config } from "./config.ts";
import { openDatabase } from "./database/open-database.ts";
import { databaseResource } from "./database/resource.ts";
import { createPlatform, type Platform } from "./platform.ts";

/** What handlers and interceptors may ask for. Tests pass their own. */
export interface Dependencies extends Platform {
  /** PostgreSQL: see `withConnection` and `transaction` in database/. */
  readonly database: Pool;
}

/**
 * Open here what else your handlers need, name it in `Dependencies`, and add it to `resources`.
 */
export function createDependencies(config: Config): Dependencies {
  const platform = createPlatform(config);
  const { logger } = platform;
  const database = openDatabase(config.dependencies.database, logger);
  return {
    ...platform,
    database,
    resources: {
      ...platform.resources,
      database: databaseResource(database, config.dependencies.database, logger),
    },
  };
}
