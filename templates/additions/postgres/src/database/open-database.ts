import type { ServiceInfo } from "grpc-service/config";
import { Pool } from "pg";
import type { Logger } from "pino";
import type { DatabaseConfig } from "./config.ts";

/** Longest wait for a connection, for a free one of the pool as well as for the database. */
const connectTimeoutMs = 5000;

/**
 * The connections to PostgreSQL. The first query connects: the server starts even if the database is
 * unavailable.
 */
export function openDatabase(
  { database, service }: { database: DatabaseConfig; service: ServiceInfo },
  logger: Logger,
): Pool {
  const pool = new Pool({
    ...(database.url && { connectionString: database.url.href }),
    application_name: service.name,
    max: database.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: database.statementTimeoutMs,
  });
  // An idle connection broke and the pool drops it. Without a listener the process would end.
  pool.on("error", (error) => logger.warn({ err: error }, "lost a connection to the database"));
  return pool;
}
