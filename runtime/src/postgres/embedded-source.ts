import { randomBytes } from "node:crypto";
import type { PGlite } from "@electric-sql/pglite";
import { EmbeddedInstance } from "./embedded-instance.ts";
import { commandOf, type QueryResult, type Session, type SessionSource } from "./session.ts";

/** In memory, for all tests of this process: to start one takes more than a second. */
const ofTests = new EmbeddedInstance(undefined);

/**
 * Sessions with an embedded database: PostgreSQL without a server, for development and tests. Statements
 * are not cancelled.
 */
export class EmbeddedSource implements SessionSource {
  readonly #instance: EmbeddedInstance;
  /** Undefined: that of PostgreSQL itself. */
  readonly #schema: string | undefined;
  #hasSchema = false;
  #isInUse = false;

  /** @param folder keeps the data; undefined: in memory, in a schema of its own */
  constructor(folder: string | undefined) {
    this.#instance = folder === undefined ? ofTests : new EmbeddedInstance(folder);
    this.#schema = folder === undefined ? `test_${randomBytes(8).toString("hex")}` : undefined;
  }

  get totalCount(): number {
    return this.#instance.isOpen ? 1 : 0;
  }

  get idleCount(): number {
    return this.#isInUse ? 0 : this.totalCount;
  }

  async connect(): Promise<Session> {
    const [database, giveBack] = await this.#instance.take();
    try {
      await this.#enterSchema(database);
    } catch (error) {
      giveBack();
      throw error;
    }
    this.#isInUse = true;
    return new EmbeddedSession(database, () => {
      this.#isInUse = false;
      giveBack();
    });
  }

  async end(): Promise<void> {
    if (this.#schema === undefined) return await this.#instance.close();
    if (!this.#hasSchema) return;
    const [database, giveBack] = await this.#instance.take();
    await database.exec(`DROP SCHEMA ${this.#schema} CASCADE`).finally(giveBack);
  }

  /** The session may have been in the schema of another source. */
  async #enterSchema(database: PGlite): Promise<void> {
    const schema = this.#schema;
    if (schema === undefined) return;
    if (!this.#hasSchema) await database.exec(`CREATE SCHEMA ${schema}`);
    this.#hasSchema = true;
    await database.exec(`SET search_path TO ${schema}`);
  }
}

class EmbeddedSession implements Session {
  statementTimeoutMs: number | undefined;
  readonly #database: PGlite;
  readonly #onRelease: () => void;
  #isReleased = false;

  constructor(database: PGlite, onRelease: () => void) {
    this.#database = database;
    this.#onRelease = onRelease;
  }

  async query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    if (values.length > 0) {
      const { rows, affectedRows } = await this.#database.query<Row>(text, [...values]);
      return resultOf(text, rows, affectedRows);
    }
    // Possibly several statements, as migrations have them.
    const last = (await this.#database.exec(text)).at(-1);
    return resultOf(text, rowsOf<Row>(last?.rows), last?.affectedRows);
  }

  async cancel(): Promise<boolean> {
    // Nothing else runs during a statement.
    return true;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#onRelease();
  }
}

function resultOf<Row>(text: string, rows: Row[], affected: number | undefined): QueryResult<Row> {
  const command = commandOf(text);
  return { command, rowCount: command === "SELECT" ? rows.length : (affected ?? 0), rows };
}

/** The rows of `exec`, whose type PGlite does not take. */
function rowsOf<Row>(rows: readonly object[] = []): Row[] {
  return rows as Row[];
}
