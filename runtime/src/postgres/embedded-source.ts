import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { commandOf, type QueryResult, type Session, type SessionSource } from "./session.ts";

/** Numbers of types in PostgreSQL whose values pg returns as texts. */
const asTexts = [20, 1700];

/**
 * The database of PGlite in this process: PostgreSQL without a server, for development and tests. It has
 * one session, which its users take in turn, and does not cancel statements.
 */
export class EmbeddedSource implements SessionSource {
  readonly #folder: string | undefined;
  #opening: Promise<PGlite> | undefined;
  /** Settles when the session is free. */
  #free: Promise<void> = Promise.resolve();
  #isInUse = false;

  /** @param folder keeps the data; undefined: in memory */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  get totalCount(): number {
    return this.#opening === undefined ? 0 : 1;
  }

  get idleCount(): number {
    return this.#isInUse ? 0 : this.totalCount;
  }

  async connect(): Promise<Session> {
    const before = this.#free;
    let free: () => void = () => {};
    this.#free = new Promise((resolve) => {
      free = resolve;
    });
    await before;
    try {
      this.#opening ??= open(this.#folder);
      const database = await this.#opening;
      this.#isInUse = true;
      return new EmbeddedSession(database, () => {
        this.#isInUse = false;
        free();
      });
    } catch (error) {
      this.#opening = undefined;
      free();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.#free;
    const database = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    if (database !== undefined && !database.closed) await database.close();
  }
}

async function open(folder: string | undefined): Promise<PGlite> {
  const { PGlite } = await importPGlite();
  if (folder !== undefined) await mkdir(dirname(folder), { recursive: true });
  const parsers = Object.fromEntries(asTexts.map((type) => [type, (text: string) => text]));
  return await PGlite.create({ ...(folder !== undefined && { dataDir: folder }), parsers });
}

async function importPGlite() {
  try {
    return await import("@electric-sql/pglite");
  } catch (cause) {
    const text =
      "set DATABASE_URL, or install the embedded database: npm i -D @electric-sql/pglite";
    throw new Error(text, { cause });
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
    if (values.length === 0) {
      // Several statements, as migrations have them.
      const results = await this.#database.exec(text);
      const last = results.at(-1);
      return resultOf<Row>(text, last?.rows ?? [], last?.affectedRows);
    }
    const { rows, affectedRows } = await this.#database.query<Row>(text, [...values]);
    return resultOf(text, rows, affectedRows);
  }

  async cancel(): Promise<boolean> {
    // Statements run while everything else waits, and have ended.
    return true;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#onRelease();
  }
}

function resultOf<Row>(
  text: string,
  rows: unknown[],
  affected: number | undefined,
): QueryResult<Row> {
  const typed: Row[] = rows as Row[];
  const command = commandOf(text);
  return { command, rowCount: command === "SELECT" ? rows.length : (affected ?? 0), rows: typed };
}
