import { Client } from "pg";
import { Database, openDatabase } from "../../../runtime/src/postgres/index.ts";
import { type Postgres, startPostgres } from "../../ops/services/postgres.ts";
import { cleanUp } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";

export type { Postgres };

/** A server for the tests of a file. */
export async function startServer(settings: readonly string[] = []): Promise<Postgres> {
  return await startPostgres(settings);
}

export interface TestDatabaseOptions {
  readonly poolSize?: number;
  readonly behindPooler?: boolean;
  readonly statementTimeoutMs?: number;
}

/** A database of the library, closed after the test. */
export function connectTo(url: string, options: TestDatabaseOptions = {}) {
  const { logger, lines } = recordingLogger();
  const database = openDatabase(settingsFor(url, options), logger);
  cleanUp(() => database.close());
  return { database, logger, lines };
}

export function settingsFor(url: string | undefined, options: TestDatabaseOptions = {}) {
  const { poolSize = 10, behindPooler = false, statementTimeoutMs = 30_000 } = options;
  return {
    environment: "test",
    service: { name: "users", version: "1.0.0" },
    database: {
      url: url === undefined ? undefined : new URL(url),
      poolSize,
      behindPooler,
      statementTimeoutMs,
      migrateAtStart: true,
    },
  } as const;
}

/** A connection of the test itself. */
export async function observer(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: "observer" });
  client.on("error", () => {});
  await client.connect();
  cleanUp(() => client.end());
  return client;
}

/** The connections of the service, as the server sees them. */
export async function backends(client: Client): Promise<{ state: string; query: string }[]> {
  const { rows } = await client.query<{ state: string; query: string }>(
    "SELECT state, query FROM pg_stat_activity WHERE application_name = 'users'",
  );
  return rows;
}

/** A call that ends when it is told to. */
export function openCall() {
  const controller = new AbortController();
  return { signal: controller.signal, end: (reason: Error) => controller.abort(reason) };
}

/** A call that lasts. */
export const patientCall = { signal: new AbortController().signal };

export { Database };
