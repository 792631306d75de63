import type { Config } from "./config.ts";
import { openDatabase } from "./database/open-database.ts";
import { databaseResource } from "./database/resource.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { MemoryUserStore } from "./users/memory-user-store.ts";
import { type UserMessages, userMessages } from "./users/messages.ts";
import { PostgresUserStore } from "./users/postgres-user-store.ts";
import type { UserStore } from "./users/user-store.ts";

/** What handlers and interceptors may ask for. Tests pass their own. */
export interface Dependencies extends Platform {
  readonly users: UserStore;
  /** What the service says to people, in the configured language. */
  readonly messages: UserMessages;
}

/** Users live in PostgreSQL, and without DATABASE_URL in memory. */
export function createDependencies(config: Config): Dependencies {
  const platform = createPlatform(config);
  const { database: settings, language } = config.dependencies;
  const database = openDatabase(settings, platform.logger);
  return {
    ...platform,
    users: settings.url === undefined ? new MemoryUserStore() : new PostgresUserStore(database),
    messages: userMessages[language],
    resources: {
      ...platform.resources,
      database: databaseResource(database, settings, platform.logger),
    },
  };
}
