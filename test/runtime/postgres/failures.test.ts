import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type CallPool,
  type Database,
  DatabaseError,
  isUniqueViolation,
} from "../../../runtime/src/postgres/index.ts";
import { failure } from "../support/echo.ts";
import { connectTo, observer, type Postgres, patientCall, startServer } from "./test-database.ts";

describe("failures of statements", { tags: "postgresql" }, () => {
  let server: Postgres;
  let database: Database;
  beforeAll(async () => {
    server = await startServer();
    const setUp = connectTo(server.url);
    const connection = await setUp.database.within(patientCall).connect();
    await connection.query(`
      CREATE TABLE users (id integer PRIMARY KEY, email text CONSTRAINT users_email UNIQUE, age integer);
      INSERT INTO users VALUES (1, 'ada@example.com', 1), (2, 'bob@example.com', 2)`);
    connection.release();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    database = connectTo(server.url).database;
  });

  async function run(
    text: string,
    values: unknown[] = [],
    pool: CallPool = database.within(patientCall),
  ) {
    const connection = await pool.connect();
    try {
      return await connection.query<Record<string, unknown>>(text, values);
    } finally {
      connection.release();
    }
  }

  const secret = "carol@example.com";

  test.each([
    [
      "a unique violation",
      "INSERT INTO users VALUES (3, 'ada@example.com', 1)",
      [],
      "ALREADY_EXISTS",
    ],
    ["NUL in a text", "INSERT INTO users VALUES (3, $1, 1)", [`${secret}\0`], "INVALID_ARGUMENT"],
    ["a table that is missing", "SELECT * FROM orders", [], "UNAVAILABLE"],
    ["a column that is missing", "SELECT surname FROM users", [], "UNAVAILABLE"],
    [
      "a read-only transaction",
      "BEGIN READ ONLY; INSERT INTO users VALUES (9, 'x', 1)",
      [],
      "UNAVAILABLE",
    ],
    [
      "a statement that takes too long",
      "SET statement_timeout = 20; SELECT pg_sleep(9)",
      [],
      "DEADLINE_EXCEEDED",
    ],
    ["a lock that is not waited for", "DO $$BEGIN RAISE lock_not_available; END$$", [], "ABORTED"],
    ["a full disk", "DO $$BEGIN RAISE disk_full; END$$", [], "RESOURCE_EXHAUSTED"],
    ["a database that shuts down", "DO $$BEGIN RAISE admin_shutdown; END$$", [], "UNAVAILABLE"],
  ])("%s", async (_, text, values, code) => {
    expect(await failure(run(text, values))).toMatchObject({ code });
  });

  test.each([
    ["a value of another type", "SELECT $1::integer", [secret]],
    ["a check that fails", "INSERT INTO users VALUES (NULL, $1, 1)", [secret]],
    ["a duplicate", "INSERT INTO users VALUES (4, $1, 1), (5, $1, 1)", [secret]],
  ])("%s: the error does not quote what the caller has sent", async (_, text, values) => {
    const error = await failure(run(text, values));
    const seen = JSON.stringify(error, (_key, value: unknown) =>
      value instanceof Error
        ? { ...value, message: value.message, stack: value.stack, cause: value.cause }
        : value,
    );
    expect(seen).toContain("SQLSTATE");
    expect(seen).not.toContain("carol");
  });

  test("an error that callers can do nothing about stays one, with its state", async () => {
    const error = await failure(run("SELECT 1/0"));
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ state: "22012" });
  });

  test("a unique violation tells its constraint", async () => {
    const error = await failure(run("INSERT INTO users VALUES (3, 'ada@example.com', 1)"));
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, "users_email")).toBe(true);
    expect(isUniqueViolation(error, "users_pkey")).toBe(false);
    expect(isUniqueViolation(new Error("other"))).toBe(false);
  });

  test("transactions that lock each other out are repeated, and both succeed", async () => {
    let attempts = 0;
    const update = (first: number, second: number) =>
      database.transaction(patientCall, async (pool) => {
        attempts += 1;
        await run("UPDATE users SET age = age + 1 WHERE id = $1", [first], pool);
        await run("SELECT pg_sleep(0.1)", [], pool);
        await run("UPDATE users SET age = age + 1 WHERE id = $1", [second], pool);
      });
    await Promise.all([update(1, 2), update(2, 1)]);
    expect(attempts).toBeGreaterThan(2);
    const { rows } = await run("SELECT age FROM users WHERE id < 3 ORDER BY id");
    expect(rows).toEqual([{ age: 3 }, { age: 4 }]);
  });

  test("one that loses each time is ABORTED, and has written nothing", async () => {
    let attempts = 0;
    const losing = database.transaction(patientCall, async (pool) => {
      attempts += 1;
      await run("INSERT INTO users VALUES (7, 'seven', 7)", [], pool);
      await run("DO $$BEGIN RAISE serialization_failure; END$$", [], pool);
    });
    expect(await failure(losing)).toMatchObject({ code: "ABORTED" });
    expect(attempts).toBe(3);
    expect((await run("SELECT FROM users WHERE id = 7")).rows).toEqual([]);
  });

  test("a pool that is full is RESOURCE_EXHAUSTED after five seconds", async () => {
    const { database: small } = connectTo(server.url, { poolSize: 1 });
    const held = await small.within(patientCall).connect();
    const start = performance.now();
    expect(await failure(small.within(patientCall).connect())).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      details: [expect.objectContaining({ typeUrl: expect.stringContaining("RetryInfo") })],
    });
    expect(performance.now() - start).toBeGreaterThan(4_900);
    expect(small).toMatchObject({ totalCount: 1, idleCount: 0, waitingCount: 0 });
    held.release();
  });

  test("a backend that is ended costs its call, and not the next", async () => {
    const watching = await observer(server.url);
    const { database: small } = connectTo(server.url, { poolSize: 1 });
    const connection = await small.within(patientCall).connect();
    const statement = connection.query("SELECT pg_sleep(60)");
    statement.catch(() => {});
    for (let ended = 0; ended === 0; ) {
      const { rows } = await watching.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'",
      );
      ended = rows.length;
    }
    expect(await failure(statement)).toMatchObject({ code: "UNAVAILABLE" });
    connection.release();
    expect((await run("SELECT 1 AS one", [], small.within(patientCall))).rows).toEqual([
      { one: 1 },
    ]);
  });
});

test("a server that is killed, and comes back", { tags: "postgresql" }, async () => {
  const server = await startServer();
  const { database } = connectTo(server.url);
  const ask = async (): Promise<unknown> => {
    const connection = await database.within(patientCall).connect();
    try {
      return (await connection.query("SELECT 1 AS one")).rows;
    } finally {
      connection.release();
    }
  };
  await Promise.all(Array.from({ length: 10 }, ask));
  await server.kill();
  expect(await failure(ask())).toMatchObject({ code: "UNAVAILABLE" });
  await server.restart();
  expect(await Promise.all(Array.from({ length: 10 }, ask))).toEqual(
    Array.from({ length: 10 }, () => [{ one: 1 }]),
  );
  await database.close();
  await server.stop();
});
