import { type CountedRows, type Database, KeysetPages } from "grpc-service/postgres";
import type { StoreCall, StoredUser } from "./user-store.ts";

/** The latest ids, below which others may still be committed: enough for a batch. */
const unsettledIds = 1000;

/** Counts all users but the latest. */
const counting = `
  SELECT count(*)::integer AS total, coalesce(max(id), 0) AS "lastId"
  FROM users WHERE id <= (SELECT max(id) FROM users) - ${unsettledIds}`;

const newer = "SELECT count(*)::integer AS newer FROM users WHERE id > $1";

/** A page, with the number of users after those that are counted. One statement: one round trip. */
const paging = `
  SELECT id, name, email, age, hobbies, status, (${newer}) AS newer
  FROM users WHERE id > $2 ORDER BY id LIMIT $3 OFFSET $4`;

/** Slices of all users in PostgreSQL, in plain SQL. */
export class UserPages {
  readonly #database: Database;
  readonly #pages: KeysetPages;

  constructor(database: Database) {
    this.#database = database;
    this.#pages = new KeysetPages({ count: (signal) => this.#count(signal) });
  }

  /** Ordered by id, with the total number of users. */
  async list(
    { offset, limit }: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }> {
    const { afterId, skip, counted } = await this.#pages.find(offset, call.signal);
    const values = [counted.lastId, afterId, limit, skip];
    const rows = await this.#database.query<StoredUser & Newer>(call, paging, values);
    this.#pages.remember(offset + rows.length, rows.at(-1)?.id, counted);
    const [first] = rows.length > 0 ? rows : await this.#countNewer(counted, call);
    const total = counted.total + (first?.newer ?? 0);
    return { users: rows.map(({ newer: _, ...user }) => user), total };
  }

  async #count(signal: AbortSignal): Promise<CountedRows> {
    const [counted] = await this.#database.query<CountedRows>({ signal }, counting);
    return counted ?? { total: 0, lastId: 0 };
  }

  #countNewer({ lastId }: CountedRows, call: StoreCall): Promise<Newer[]> {
    return this.#database.query<Newer>(call, newer, [lastId]);
  }
}

interface Newer {
  readonly newer: number;
}
