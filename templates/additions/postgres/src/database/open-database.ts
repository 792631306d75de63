import { Pool } from "pg";
import type { Logger } from "pino";
import type { DatabaseConfig } from "../config/database.ts";
import { serviceName } from "../version.ts";

/** Longest wait for a connection, whether the pool has none free or the database does not answer. */
const connectTimeoutMs = 5000;

/**
 * The connections to PostgreSQL. None is made before the first query: a database that is away keeps
 * no server from starting.
 */
export function openDatabase(config: DatabaseConfig, logger: Logger): Pool {
  const pool = new Pool({
    ...(config.url && { connectionString: config.url.href }),
    application_name: serviceName,
    max: config.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
  });
  // An idle connection broke. The pool drops it; without a listener, the process would end.
  pool.on("error", (error) => logger.warn({ err: error }, "lost a connection to the database"));
  return pool;
}
