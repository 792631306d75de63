import { reason } from "grpc-service/app";
import { readEnvironment } from "grpc-service/config";
import { createLogger } from "grpc-service/logger";
import { loadConfig } from "./config.ts";
import { migrate } from "./database/migrate.ts";
import { readMigrations } from "./database/migrations.ts";
import { openDatabase } from "./database/open-database.ts";
import { migrationsFolder } from "./database/resource.ts";

/** Brings the database at DATABASE_URL up to date; exits with 1 when it cannot. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  if (config.database.url === undefined) {
    throw new Error("DATABASE_URL is not set: set it in .env or in the environment");
  }
  const database = openDatabase(config, createLogger(config));
  try {
    const { signal } = new AbortController();
    const done = await migrate(database, await readMigrations(migrationsFolder), signal);
    for (const name of done) console.log(`migrated: ${name}`);
    console.log("the database is up to date");
  } finally {
    await database.end();
  }
}

main().catch((error: unknown) => {
  console.error(`database: ${reason(error)}`);
  process.exitCode = 1;
});
