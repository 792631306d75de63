import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EmbeddedSource } from "../../../runtime/src/postgres/embedded-source.ts";
import { type CallPool, Database, openDatabase } from "../../../runtime/src/postgres/index.ts";
import { cleanUp, failure } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { type Postgres, patientCall, settingsFor, startServer } from "./test-database.ts";

const limits = { poolSize: 1, statementTimeoutMs: 30_000, behindPooler: false };

interface Tables {
  people: {
    id: number;
    name: string;
    born: Date;
    big: string;
    amount: string;
    tags: string[];
    note: unknown;
  };
}

const schema = `
  CREATE TABLE people (
    id integer PRIMARY KEY, name text NOT NULL UNIQUE, born timestamptz NOT NULL, big bigint NOT NULL,
    amount numeric NOT NULL, tags text[] NOT NULL, note jsonb
  );
  CREATE INDEX people_born ON people (born)`;

const ada = {
  id: 1,
  name: "홍길동",
  born: new Date("2001-02-03T04:05:06.789Z"),
  big: "9007199254740993",
  amount: "12345678901234567890.5",
  tags: ["a", "b,c"],
  note: { deep: [1, null] },
};

/** What both kinds of databases must do for the same code. */
function contract(open: () => Database): void {
  let database: Database;
  beforeAll(async () => {
    database = open();
    const connection = await database.within(patientCall).connect();
    await connection.query(schema);
    connection.release();
  });
  afterAll(() => database.close());

  const kysely = (pool: CallPool) => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

  test("values come back as they were, by Kysely", async () => {
    const db = kysely(database.within(patientCall));
    const inserted = await db.insertInto("people").values(ada).executeTakeFirst();
    expect(inserted.numInsertedOrUpdatedRows).toBe(1n);
    expect(await db.selectFrom("people").selectAll().execute()).toEqual([ada]);
    const updated = await db
      .updateTable("people")
      .set({ big: "2" })
      .where("id", "=", 1)
      .executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(1n);
    const deleted = await db.deleteFrom("people").where("id", "=", 99).executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(0n);
  });

  test("a transaction is all or nothing, ours and that of Kysely", async () => {
    const stop = new Error("stop");
    const insert = async (db: Kysely<Tables>) => {
      await db
        .insertInto("people")
        .values({ ...ada, id: 2, name: "two" })
        .execute();
      throw stop;
    };
    await expect(database.transaction(patientCall, (pool) => insert(kysely(pool)))).rejects.toBe(
      stop,
    );
    const db = kysely(database.within(patientCall));
    await expect(db.transaction().execute(insert)).rejects.toBe(stop);
    expect(await db.selectFrom("people").select("id").execute()).toEqual([{ id: 1 }]);
  });

  test("failures have the same statuses", async () => {
    const db = kysely(database.within(patientCall));
    const again = db
      .insertInto("people")
      .values({ ...ada, id: 3 })
      .execute();
    expect(await failure(again)).toMatchObject({ code: "ALREADY_EXISTS" });
    const nul = db
      .insertInto("people")
      .values({ ...ada, id: 3, name: "a\0b" })
      .execute();
    expect(await failure(nul)).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("many calls at once", async () => {
    const ids = Array.from({ length: 50 }, (_, index) => index + 100);
    await Promise.all(
      ids.map((id) =>
        kysely(database.within(patientCall))
          .insertInto("people")
          .values({ ...ada, id, name: `${id}` })
          .execute(),
      ),
    );
    const db = kysely(database.within(patientCall));
    expect(
      await db.selectFrom("people").where("id", ">=", 100).select("id").orderBy("id").execute(),
    ).toEqual(ids.map((id) => ({ id })));
  });
}

describe("the embedded database", () => {
  contract(() => new Database(new EmbeddedSource(undefined), limits));
});

describe("a PostgreSQL server", { tags: "postgresql" }, () => {
  let server: Postgres | undefined;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());
  contract(() => openDatabase(settingsFor(server?.url), recordingLogger().logger));
});

test("a folder keeps the data", async () => {
  const folder = await mkdtemp(join(tmpdir(), "test-embedded-"));
  cleanUp(() => rm(folder, { recursive: true }));
  const data = join(folder, "deep", "postgres");
  const run = async (text: string): Promise<unknown[]> => {
    const database = new Database(new EmbeddedSource(data), limits);
    const connection = await database.within(patientCall).connect();
    const { rows } = await connection.query(text);
    connection.release();
    await database.close();
    return rows;
  };
  await run("CREATE TABLE kept AS SELECT 7 AS id");
  expect(await run("SELECT id FROM kept")).toEqual([{ id: 7 }]);
});

test("databases in memory do not see each other, although they share one instance", async () => {
  const databases = Array.from(
    { length: 2 },
    () => new Database(new EmbeddedSource(undefined), limits),
  );
  const run = async (database: Database, text: string) => {
    const connection = await database.within(patientCall).connect();
    try {
      return (await connection.query(text)).rows;
    } finally {
      connection.release();
    }
  };
  await Promise.all(
    databases.map((each) => run(each, "CREATE TABLE mine (id serial PRIMARY KEY)")),
  );
  await Promise.all(
    databases.flatMap((each, index) =>
      Array.from({ length: index + 1 }, () => run(each, "INSERT INTO mine DEFAULT VALUES")),
    ),
  );
  const counts = databases.map((each) => run(each, "SELECT max(id) AS id FROM mine"));
  expect(await Promise.all(counts)).toEqual([[{ id: 1 }], [{ id: 2 }]]);
  await Promise.all(databases.map((each) => each.close()));
});
