import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { migrate } from "../../../templates/additions/postgres/src/database/migrate.ts";
import type { Migration } from "../../../templates/additions/postgres/src/database/migrations.ts";
import {
  createTestDatabase,
  type TestDatabase,
} from "../../../templates/additions/postgres/test/database/database.ts";
import { type Postgres, startPostgres } from "../../ops/services/postgres.ts";

const { signal } = new AbortController();

function migration(id: number, name: string, sql: string): Migration {
  return { id, name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

const first = migration(1, "0001-users.sql", "CREATE TABLE users (id serial PRIMARY KEY);");
const second = migration(
  2,
  "0002-email.sql",
  "ALTER TABLE users ADD email text;\nCREATE INDEX ON users (email);",
);

describe("migrate", { tags: "postgresql" }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(postgres.url);
  });
  afterEach(() => database.close());

  const columns = async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users'",
    );
    return rows.map(({ name }) => name);
  };

  test("runs what has not run, in order and once", async () => {
    expect(await migrate(database.pool, [first], signal)).toEqual(["0001-users.sql"]);
    expect(await migrate(database.pool, [first, second], signal)).toEqual(["0002-email.sql"]);
    expect(await migrate(database.pool, [first, second], signal)).toEqual([]);
    expect(await columns()).toEqual(["id", "email"]);
  });

  test("several runners at the same time run each migration once", async () => {
    const slow = migration(3, "0003-slow.sql", "SELECT pg_sleep(0.2); CREATE TABLE slow ();");
    const runs = [1, 2, 3].map(() => migrate(database.pool, [first, second, slow], signal));
    expect((await Promise.all(runs)).flat().sort()).toEqual([
      "0001-users.sql",
      "0002-email.sql",
      "0003-slow.sql",
    ]);
  });

  test("leaves nothing of one that fails, and says which line of which file", async () => {
    const broken = migration(
      2,
      "0002-x.sql",
      "ALTER TABLE users ADD email text;\nALTER TABEL users;",
    );
    await expect(migrate(database.pool, [first, broken], signal)).rejects.toThrow(
      'migrations: 0002-x.sql:2: syntax error at or near "TABEL"',
    );
    expect(await columns()).toEqual(["id"]);
    expect(await migrate(database.pool, [first, second], signal)).toEqual(["0002-email.sql"]);
  });

  test("refuses history that was changed", async () => {
    await migrate(database.pool, [first], signal);
    const changed = migration(1, first.name, `${first.sql}\n-- changed`);
    await expect(migrate(database.pool, [changed], signal)).rejects.toThrow(
      /^migrations: 0001-users\.sql was changed after it had run/,
    );
  });

  test("refuses one that comes too late", async () => {
    await migrate(database.pool, [second, first].slice(1), signal);
    await migrate(database.pool, [first, migration(3, "0003-y.sql", "SELECT 1")], signal);
    await expect(migrate(database.pool, [first, second], signal)).rejects.toThrow(
      /^migrations: 0002-email\.sql comes too late/,
    );
  });

  test("an older server starts on a newer database", async () => {
    await migrate(database.pool, [first, second], signal);
    expect(await migrate(database.pool, [first], signal)).toEqual([]);
  });
});
