import type { Pool, PoolClient } from "pg";
import { withConnection } from "../database/connection.ts";
import { transaction } from "../database/transaction.ts";
import { UserStatus } from "../gen/user_pb.ts";
import {
  DuplicateEmailError,
  type NewUser,
  type StoreCall,
  type StoredUser,
  type UserStore,
} from "./user-store.ts";

const columns = "id, name, email, age, hobbies, status";

/** Rows that `stream` holds in memory at a time. */
const pageSize = 500;

/** Stores users in PostgreSQL, in a table that migrations/ creates. The owner of the pool closes it. */
export class PostgresUserStore implements UserStore {
  readonly #database: Pool;

  constructor(database: Pool) {
    this.#database = database;
  }

  async create(user: NewUser, { signal, actor }: StoreCall): Promise<StoredUser> {
    const [created] = await withConnection(this.#database, signal, (client) =>
      insert(client, [user], actor),
    );
    if (created === undefined) throw new DuplicateEmailError(user.email);
    return created;
  }

  async createAll(users: readonly NewUser[], { signal, actor }: StoreCall): Promise<StoredUser[]> {
    return transaction(this.#database, signal, async (client) => {
      const created = await insert(client, users, actor);
      if (created.length === users.length) return created;
      const left = created.map(({ email }) => email);
      const taken = users.find(({ email }) => left.shift() !== email);
      throw new DuplicateEmailError(taken?.email ?? "");
    });
  }

  async find(id: number, call: StoreCall): Promise<StoredUser | undefined> {
    const [user] = await this.#query(call, `SELECT ${columns} FROM users WHERE id = $1`, [id]);
    return user;
  }

  async list(
    { offset, limit }: { offset: number; limit: number },
    { signal }: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }> {
    return withConnection(this.#database, signal, async (client) => {
      const page = `SELECT ${columns} FROM users ORDER BY id LIMIT $1 OFFSET $2`;
      const { rows: users } = await client.query<StoredUser>(page, [limit, offset]);
      const { rows } = await client.query<{ total: number }>(
        "SELECT count(*)::integer AS total FROM users",
      );
      return { users, total: rows[0]?.total ?? 0 };
    });
  }

  /** Page by page: a slow reader holds neither a connection nor a snapshot. */
  async *stream(call: StoreCall): AsyncIterable<StoredUser> {
    const [last] = await this.#query(call, `SELECT ${columns} FROM users ORDER BY id DESC LIMIT 1`);
    let from = 0;
    while (last !== undefined && from < last.id) {
      const users = await this.#query(
        call,
        `SELECT ${columns} FROM users WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3`,
        [from, last.id, pageSize],
      );
      for (const user of users) {
        call.signal.throwIfAborted();
        yield user;
      }
      from = users.at(-1)?.id ?? last.id;
    }
  }

  async setStatus(
    id: number,
    status: UserStatus,
    call: StoreCall,
  ): Promise<StoredUser | undefined> {
    const statement = `UPDATE users SET status = $2 WHERE id = $1 RETURNING ${columns}`;
    const [user] = await this.#query(call, statement, [id, status]);
    return user;
  }

  async #query(call: StoreCall, sql: string, values: number[] = []): Promise<StoredUser[]> {
    const { rows } = await withConnection(this.#database, call.signal, (client) =>
      client.query<StoredUser>(sql, values),
    );
    return rows;
  }
}

/** Inserts users in this order, and skips those with a taken or repeated email. */
async function insert(
  client: PoolClient,
  users: readonly NewUser[],
  actor: string,
): Promise<StoredUser[]> {
  const rows = users.map((user) => ({ ...user, email_key: user.email.toLowerCase() }));
  const { rows: created } = await client.query<StoredUser>(
    `WITH created AS (
       INSERT INTO users (name, email, email_key, age, hobbies, status, created_by)
       SELECT name, email, email_key, age, hobbies, $2, $3
       FROM ROWS FROM (
         jsonb_to_recordset($1) AS (name text, email text, email_key text, age integer, hobbies text[])
       ) WITH ORDINALITY
       ORDER BY ordinality
       ON CONFLICT (email_key) DO NOTHING
       RETURNING ${columns}
     )
     SELECT * FROM created ORDER BY id`,
    [JSON.stringify(rows), UserStatus.ACTIVE, actor],
  );
  return created;
}
