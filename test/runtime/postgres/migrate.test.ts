import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createTestDatabase,
  type Database,
  type Migration,
  migrate,
} from "../../../runtime/src/postgres/index.ts";
import { type Postgres, startPostgres } from "../../ops/services/postgres.ts";
import { cleanUp } from "../support/echo.ts";
import { connectTo, patientCall } from "./test-database.ts";

const options = patientCall;

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

  let database: Database;
  beforeEach(async () => {
    const { url, close } = await createTestDatabase(postgres.url);
    cleanUp(close);
    database = connectTo(url.href).database;
  });

  const columns = async () => {
    const connection = await database.within(patientCall).connect();
    const { rows } = await connection.query<{ name: string }>(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users'",
    );
    connection.release();
    return rows.map(({ name }) => name);
  };

  test("runs what has not run, in order and once", async () => {
    expect(await migrate(database, [first], options)).toEqual(["0001-users.sql"]);
    expect(await migrate(database, [first, second], options)).toEqual(["0002-email.sql"]);
    expect(await migrate(database, [first, second], options)).toEqual([]);
    expect(await columns()).toEqual(["id", "email"]);
  });

  test("several runners at the same time run each migration once", async () => {
    const slow = migration(3, "0003-slow.sql", "SELECT pg_sleep(0.2); CREATE TABLE slow ();");
    const runs = [1, 2, 3].map(() => migrate(database, [first, second, slow], options));
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
    await expect(migrate(database, [first, broken], options)).rejects.toThrow(
      'migrations: 0002-x.sql:2: syntax error at or near "TABEL"',
    );
    expect(await columns()).toEqual(["id"]);
    expect(await migrate(database, [first, second], options)).toEqual(["0002-email.sql"]);
  });

  test("refuses history that was changed", async () => {
    await migrate(database, [first], options);
    const changed = migration(1, first.name, `${first.sql}\n-- changed`);
    await expect(migrate(database, [changed], options)).rejects.toThrow(
      /^migrations: 0001-users\.sql was changed after it had run/,
    );
  });

  test("refuses one that comes too late", async () => {
    await migrate(database, [second, first].slice(1), options);
    await migrate(database, [first, migration(3, "0003-y.sql", "SELECT 1")], options);
    await expect(migrate(database, [first, second], options)).rejects.toThrow(
      /^migrations: 0002-email\.sql comes too late/,
    );
  });

  test("an older server starts on a newer database", async () => {
    await migrate(database, [first, second], options);
    expect(await migrate(database, [first], options)).toEqual([]);
  });
});
