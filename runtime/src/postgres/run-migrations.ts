import { reason } from "../app/reason.ts";
import { readEnvironment } from "../config/environment-variables.ts";
import type { Variables } from "../config/variables.ts";
import { migrate } from "./migrate.ts";
import { readMigrations } from "./migrations.ts";
import { type DatabaseSettings, openServerDatabase } from "./open-database.ts";

/**
 * The program of `npm run migrate`: brings the database at `DATABASE_URL` up to date. It waits for a
 * database that is away. If it cannot go on, it prints one line and exits with 1.
 *
 * @param folder of the migrations
 * @example
 * ```ts
 * await runMigrations(loadConfig, migrationsFolder);
 * ```
 */
export async function runMigrations(
  loadConfig: (variables: Variables) => DatabaseSettings,
  folder: string,
): Promise<void> {
  try {
    await migrateServer(loadConfig(readEnvironment()), folder);
  } catch (error) {
    console.error(`database: ${reason(error)}`);
    process.exitCode = 1;
  }
}

async function migrateServer(settings: DatabaseSettings, folder: string): Promise<void> {
  const { url } = settings.database;
  if (url === undefined) {
    const embedded = "the embedded database is migrated when the server starts";
    throw new Error(`DATABASE_URL is not set: set it in .env or in the environment; ${embedded}`);
  }
  const database = openServerDatabase(settings, url, () => {});
  try {
    const { signal } = new AbortController();
    const onWait = (error: unknown) => console.error(`database: ${reason(error)}; waiting for it`);
    const done = await migrate(database, await readMigrations(folder), { signal, onWait });
    for (const name of done) console.log(`migrated: ${name}`);
    console.log("the database is up to date");
  } finally {
    await database.close();
  }
}
