import { type Database, isUniqueViolation, textArray } from "grpc-service/postgres";
import type { Generated, Insertable, Kysely } from "kysely";
import { queries } from "../database/queries.ts";
import { UserStatus } from "../gen/user_pb.ts";
import { UserPages } from "./user-pages.ts";
import {
  DuplicateEmailError,
  type NewUser,
  type StoreCall,
  type StoredUser,
  type UserStore,
} from "./user-store.ts";

/** What migrations/ has made. */
interface Tables {
  users: {
    id: Generated<number>;
    name: string;
    email: string;
    /** The email in lower case: unique. */
    email_key: string;
    age: number;
    hobbies: string[];
    status: UserStatus;
    created_by: string;
  };
}

const columns = ["id", "name", "email", "age", "hobbies", "status"] as const;
/** Rows of one statement. */
const pageSize = 500;

/** Stores users in PostgreSQL. The owner of the database closes it. */
export class PostgresUserStore implements UserStore {
  readonly #database: Database;
  readonly #pages: UserPages;

  constructor(database: Database) {
    this.#database = database;
    this.#pages = new UserPages(database);
  }

  async create(user: NewUser, call: StoreCall): Promise<StoredUser> {
    call.signal.throwIfAborted();
    const values = Object.values(rowOf(user, call.actor));
    const [inserted] = await this.#insert(call, insertionOfOne, values);
    if (inserted === undefined) throw new DuplicateEmailError(user.email);
    return { ...user, ...inserted, hobbies: [...user.hobbies], status: UserStatus.ACTIVE };
  }

  async createAll(users: readonly NewUser[], call: StoreCall): Promise<number[]> {
    call.signal.throwIfAborted();
    if (users.length === 0) return [];
    const rows = users.map((user) => rowOf(user, call.actor));
    requireDistinct(rows);
    const values = [JSON.stringify(rows), textArray(keysOf(rows))];
    const inserted = await this.#insert(call, insertion, values);
    if (inserted.length === 0) throw new DuplicateEmailError(await this.#takenEmail(rows, call));
    return inserted.map(({ id }) => id);
  }

  async find(id: number, call: StoreCall): Promise<StoredUser | undefined> {
    // The hottest statement, in plain SQL: building it takes as long as its round trip.
    const [user] = await this.#database.query<StoredUser>(call, selectionOfOne, [id]);
    return user;
  }

  list(
    range: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }> {
    return this.#pages.list(range, call);
  }

  /** Page by page: a slow reader holds neither a connection nor a snapshot. */
  async *stream(call: StoreCall): AsyncIterable<StoredUser> {
    const last = await this.#users(call).orderBy("id", "desc").limit(1).executeTakeFirst();
    for (let from = 0; last !== undefined && from < last.id; ) {
      const page = this.#users(call).where("id", ">", from).where("id", "<=", last.id);
      const users = await page.orderBy("id").limit(pageSize).execute();
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
    return await this.#tables(call)
      .updateTable("users")
      .set({ status })
      .where("id", "=", id)
      .returning(columns)
      .executeTakeFirst();
  }

  /** @returns the new ids; none when an email is taken */
  #insert(call: StoreCall, statement: string, values: unknown[]): Promise<Inserted[]> {
    return this.#database.query<Inserted>(call, statement, values).catch((error: unknown) => {
      // Another call has inserted the same email at this moment.
      if (isUniqueViolation(error, "users_email_key_key")) return [];
      throw error;
    });
  }

  #tables(call: StoreCall): Kysely<Tables> {
    return queries<Tables>(this.#database.within(call));
  }

  #users(call: StoreCall) {
    return this.#tables(call).selectFrom("users").select(columns);
  }

  /** The one for which users were not inserted. */
  async #takenEmail(rows: readonly NewRow[], call: StoreCall): Promise<string> {
    const taken = await this.#tables(call)
      .selectFrom("users")
      .select("email_key")
      .where("email_key", "in", keysOf(rows))
      .executeTakeFirst();
    return rows.find((row) => row.email_key === taken?.email_key)?.email ?? "";
  }
}

const selectionOfOne = `SELECT ${columns.join(", ")} FROM users WHERE id = $1`;

/**
 * Inserts a user unless the email is taken: an insertion that fails uses up an id. The values are those of
 * a `NewRow`.
 */
const insertionOfOne = `
  INSERT INTO users (name, email, email_key, age, hobbies, status, created_by)
  SELECT $1, $2, $3, $4::integer, $5::text[], $6::smallint, $7
  WHERE NOT EXISTS (SELECT FROM users WHERE email_key = $3)
  RETURNING id`;

/**
 * Inserts users in this order, all or none: one statement is a transaction of its own. Looks for taken
 * emails first, as the other one does: OFFSET 0 makes it look for each by the index, which `= ANY` does
 * not do while the table is small, and the plan of that time is kept. The text is the same for any number
 * of users: it costs no time to build.
 */
const insertion = `
  INSERT INTO users (name, email, email_key, age, hobbies, status, created_by)
  SELECT name, email, email_key, age, hobbies, status, created_by
  FROM json_to_recordset($1::json) AS given (
    name text, email text, email_key text, age integer, hobbies text[], status smallint, created_by text
  )
  WHERE NOT EXISTS (
    SELECT FROM unnest($2::text[]) AS key, LATERAL (SELECT FROM users WHERE email_key = key OFFSET 0) AS taken
  )
  RETURNING id`;

/** @throws DuplicateEmailError when two of these have the same. */
function requireDistinct(rows: readonly NewRow[]): void {
  const keys = new Set<string>();
  for (const { email, email_key: key } of rows) {
    if (keys.has(key)) throw new DuplicateEmailError(email);
    keys.add(key);
  }
}

interface Inserted {
  readonly id: number;
}

function keysOf(rows: readonly NewRow[]): string[] {
  return rows.map((row) => row.email_key);
}

type NewRow = Insertable<Tables["users"]>;

function rowOf({ name, email, age, hobbies }: NewUser, actor: string): NewRow {
  return {
    name,
    email,
    email_key: email.toLowerCase(),
    age,
    hobbies,
    status: UserStatus.ACTIVE,
    created_by: actor,
  };
}
