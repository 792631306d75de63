import type { CallPool, Database } from "grpc-service/postgres";
import type { Generated, Insertable, Kysely } from "kysely";
import { queries } from "../database/queries.ts";
import { UserStatus } from "../gen/user_pb.ts";
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

  constructor(database: Database) {
    this.#database = database;
  }

  async create(user: NewUser, call: StoreCall): Promise<StoredUser> {
    const [created] = await this.createAll([user], call);
    if (created === undefined) throw new Error("no row came back");
    return created;
  }

  async createAll(users: readonly NewUser[], call: StoreCall): Promise<StoredUser[]> {
    call.signal.throwIfAborted();
    return await this.#database.transaction(call, async (pool) => {
      const created: StoredUser[] = [];
      for (let at = 0; at < users.length; at += pageSize) {
        const rows = users.slice(at, at + pageSize).map((user) => rowOf(user, call.actor));
        created.push(...(await insert(tables(pool), rows)));
      }
      return created;
    });
  }

  async find(id: number, call: StoreCall): Promise<StoredUser | undefined> {
    return await this.#users(call).where("id", "=", id).executeTakeFirst();
  }

  async list(
    { offset, limit }: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }> {
    const users = await this.#users(call).orderBy("id").limit(limit).offset(offset).execute();
    const { total } = await tables(this.#database.within(call))
      .selectFrom("users")
      .select(({ fn }) => fn.countAll<string>().as("total"))
      .executeTakeFirstOrThrow();
    return { users, total: Number(total) };
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
    return await tables(this.#database.within(call))
      .updateTable("users")
      .set({ status })
      .where("id", "=", id)
      .returning(columns)
      .executeTakeFirst();
  }

  #users(call: StoreCall) {
    return tables(this.#database.within(call)).selectFrom("users").select(columns);
  }
}

function tables(pool: CallPool): Kysely<Tables> {
  return queries<Tables>(pool);
}

/**
 * Inserts users in this order. Looks for taken emails first: an insertion that is refused would use up
 * an id.
 */
async function insert(db: Kysely<Tables>, rows: readonly NewRow[]): Promise<StoredUser[]> {
  const wanted = rows.map((row) => row.email_key);
  const taken = await db
    .selectFrom("users")
    .select("email_key")
    .where("email_key", "in", wanted)
    .execute();
  const keys = new Set(taken.map((row) => row.email_key));
  for (const { email, email_key: key } of rows) {
    if (keys.has(key)) throw new DuplicateEmailError(email);
    keys.add(key);
  }
  const insertion = db.insertInto("users").values(rows).returning(columns);
  // Another call may insert the same email at this moment.
  const created = await insertion.onConflict((on) => on.column("email_key").doNothing()).execute();
  const missing = rows.find(({ email }) => created.every((each) => each.email !== email));
  if (missing !== undefined) throw new DuplicateEmailError(missing.email);
  return created;
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
