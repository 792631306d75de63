import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PreparedStatements } from "../../../runtime/src/postgres/prepared-statements.ts";
import { connectTo, type Postgres, patientCall, startServer } from "./test-database.ts";

describe("names of statements", () => {
  test("from the second run on, the same for the same text", () => {
    const statements = new PreparedStatements();
    const names = ["a", "b", "a", "a", "b"].map((text) => statements.nameOf(text));
    expect(names).toEqual([undefined, undefined, "s1", "s1", "s2"]);
  });

  test("another one after it was forgotten", () => {
    const statements = new PreparedStatements();
    const run = () => statements.nameOf("a");
    expect([run(), run()]).toEqual([undefined, "s1"]);
    statements.forget("a");
    expect([run(), run()]).toEqual([undefined, "s2"]);
  });

  test("no more than a hundred, none for long texts", () => {
    const statements = new PreparedStatements();
    const named = Array.from({ length: 300 }, (_, index) => {
      statements.nameOf(`${index}`);
      return statements.nameOf(`${index}`);
    });
    expect(named.filter((name) => name !== undefined)).toHaveLength(100);
    const long = new PreparedStatements();
    const text = "x".repeat(10_001);
    expect([long.nameOf(text), long.nameOf(text)]).toEqual([undefined, undefined]);
  });
});

describe("prepared statements", { tags: "postgresql" }, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  /** Runs statements on the only connection. */
  function runner(options: { behindPooler?: boolean } = {}) {
    const { database } = connectTo(server.url, { poolSize: 1, ...options });
    const run = async (text: string, ...values: unknown[]): Promise<unknown[]> => {
      const connection = await database.within(patientCall).connect();
      return (await connection.query(text, values).finally(() => connection.release())).rows;
    };
    const prepared = () => run("SELECT statement FROM pg_prepared_statements");
    return { database, run, prepared };
  }

  test("what runs again is prepared", async () => {
    const { run, prepared } = runner();
    const text = "SELECT $1::integer + 1 AS next";
    for (const value of [1, 2, 3]) expect(await run(text, value)).toEqual([{ next: value + 1 }]);
    await run("SELECT 1");
    await run("SELECT 1");
    expect(await prepared()).toEqual([{ statement: text }]);
  });

  test("nothing is prepared behind a pooler", async () => {
    const { run, prepared } = runner({ behindPooler: true });
    for (const value of [1, 2, 3]) await run("SELECT $1::integer", value);
    expect(await prepared()).toEqual([]);
  });

  test("a migration that changes a type fails no statement", async () => {
    const { run } = runner();
    await run("CREATE TABLE changing (id integer)");
    await run("INSERT INTO changing VALUES (1)");
    const find = () => run("SELECT id FROM changing WHERE id = $1", 1);
    for (let times = 0; times < 7; times += 1) expect(await find()).toEqual([{ id: 1 }]);
    await run("ALTER TABLE changing ALTER COLUMN id TYPE bigint");
    for (let times = 0; times < 3; times += 1) expect(await find()).toEqual([{ id: "1" }]);
    await run("DEALLOCATE ALL");
    expect(await find()).toEqual([{ id: "1" }]);
  });

  test("a transaction that meets one is repeated", async () => {
    const { database, run } = runner();
    await run("CREATE TABLE growing (id integer)");
    const text = "SELECT * FROM growing WHERE id = $1";
    for (let times = 0; times < 3; times += 1) await run(text, 1);
    await run("ALTER TABLE growing ADD COLUMN name text DEFAULT 'new'");
    let attempts = 0;
    const rows = await database.transaction(patientCall, async (pool) => {
      attempts += 1;
      const connection = await pool.connect();
      await connection.query("INSERT INTO growing VALUES (1)");
      return (await connection.query(text, [1])).rows;
    });
    expect(rows).toEqual([{ id: 1, name: "new" }]);
    expect(attempts).toBe(2);
  });
});
