/** PostgreSQL for calls: cancelled in the database with them, in transactions, with health and migrations. */
export { type TimestampValue, textArray, timestamptzArray } from "./binary-arrays.ts";
export type { CallConnection, CallPool, DatabaseCall, QueryCursor } from "./call.ts";
export { type DatabaseConfig, readDatabaseConfig } from "./config.ts";
export { Database, type DatabaseOptions } from "./database.ts";
export { DatabaseError, isUniqueViolation } from "./failures.ts";
export {
  type CountedRows,
  KeysetPages,
  type KeysetPagesOptions,
  type PageStart,
} from "./keyset-pages.ts";
export type { LeaseOptions } from "./lease.ts";
export { type MigrateOptions, migrate } from "./migrate.ts";
export { type Migration, readMigrations } from "./migrations.ts";
export {
  type DatabaseResourceOptions,
  type DatabaseSettings,
  databaseResource,
  openDatabase,
} from "./open-database.ts";
export { type PatienceOptions, patiently } from "./patiently.ts";
export { runMigrations } from "./run-migrations.ts";
export type { QueryResult } from "./session.ts";
export { createTestDatabase, type TestDatabase } from "./test-database.ts";
