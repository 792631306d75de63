import type { Resources } from "grpc-service/app";
import { metricsEndpoint, poolMetrics } from "grpc-service/interceptors/metrics";
import { type CallLimiter, createRateLimiter } from "grpc-service/interceptors/rate-limit";
import { createLogger } from "grpc-service/logger";
import { type Database, databaseResource, openDatabase } from "grpc-service/postgres";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Config } from "./config.ts";
import { migrationsFolder } from "./database/migrations.ts";
import { CachedUserStore } from "./users/cached-user-store.ts";
import { type UserMessages, userMessages } from "./users/messages.ts";
import { PostgresUserStore } from "./users/postgres-user-store.ts";
import type { UserStore } from "./users/user-store.ts";

/** What handlers and interceptors may use. Tests pass their own. */
export interface Dependencies {
  readonly logger: Logger;
  /** The current time. */
  readonly clock: () => Date;
  /** Metrics. Register your own here too. */
  readonly registry: Registry;
  /** Undefined: no rate limit. */
  readonly limiter: CallLimiter | undefined;
  /** Texts for users, in the configured language. */
  readonly messages: UserMessages;
  /** PostgreSQL: see `queries` in database/. */
  readonly database: Database;
  /** In PostgreSQL, with a cache for GetUser. */
  readonly users: UserStore;
  /** Opened at start, watched by health, closed at the end. */
  readonly resources: Resources;
}

/** Creates what the server depends on. Add your own: a cache, clients of other services. */
export function createDependencies(config: Config): Dependencies {
  const logger = createLogger(config);
  const clock = () => new Date();
  const registry = new Registry();
  const limiter = createRateLimiter(config.rateLimit);
  const messages = userMessages[config.language];
  const database = poolMetrics(openDatabase(config, logger), { registry });
  const users = new CachedUserStore(new PostgresUserStore(database), { registry });
  return {
    logger,
    clock,
    registry,
    limiter,
    messages,
    database,
    users,
    resources: {
      metrics: metricsEndpoint({ address: config.metricsAddress, registry, logger }),
      database: databaseResource(database, config, { migrations: migrationsFolder, logger }),
    },
  };
}
