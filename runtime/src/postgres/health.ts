import { Client, type ClientConfig } from "pg";
import type { Database } from "./database.ts";
import { databaseFailure } from "./failures.ts";
import { pendingMigrations } from "./migrate.ts";
import type { Migration } from "./migrations.ts";
import { runWith } from "./pg-source.ts";

/** Time for which a full pool is taken for a peak, in milliseconds. */
const longestPeakMs = 30_000;

/**
 * Checks a database on a connection of its own, so that a pool in use does not look like a database that
 * is away.
 */
export class DatabaseProbe {
  readonly #config: ClientConfig;
  readonly #database: Pick<Database, "stuckMs">;
  readonly #migrations: Promise<readonly Migration[]>;
  #client: Promise<Client> | undefined;

  /** @param migrations that this server needs */
  constructor(
    config: ClientConfig,
    database: Pick<Database, "stuckMs">,
    migrations: Promise<readonly Migration[]>,
  ) {
    this.#config = config;
    this.#database = database;
    this.#migrations = migrations;
  }

  /** @throws Error in one line when the database cannot serve this server's calls. */
  async check(signal: AbortSignal): Promise<void> {
    const client = await this.#connected();
    const drop = (): void => this.#drop();
    signal.addEventListener("abort", drop);
    try {
      await this.#look(client);
    } catch (error) {
      this.#drop();
      throw signal.aborted ? new Error("the database does not answer") : databaseFailure(error);
    } finally {
      signal.removeEventListener("abort", drop);
    }
  }

  close(): void {
    this.#drop();
  }

  async #look(client: Client): Promise<void> {
    const { rows } = await client.query<{ read_only: string }>(
      "SELECT current_setting('transaction_read_only') AS read_only",
    );
    if (rows[0]?.read_only === "on") throw new Error("the database is read only");
    const pending = await pendingMigrations(
      { query: (text, values = []) => runWith(client, text, values) },
      await this.#migrations,
    );
    if (pending.length > 0) {
      throw new Error(`the database has an older schema: ${pending.join(", ")} must run`);
    }
    if (this.#database.stuckMs > longestPeakMs) {
      throw new Error("no statement has ended for half a minute, and calls wait for connections");
    }
  }

  async #connected(): Promise<Client> {
    this.#client ??= this.#connect();
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw databaseFailure(error);
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client(this.#config);
    // The next look connects again.
    client.on("error", () => this.#drop());
    await client.connect();
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.then((connected) => connected.end()).catch(() => {});
  }
}
