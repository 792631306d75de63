import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { transaction } from "../../../templates/additions/postgres/src/database/transaction.ts";
import {
  createTestDatabase,
  type TestDatabase,
} from "../../../templates/additions/postgres/test/database/database.ts";
import { type Postgres, startPostgres } from "../../ops/services/postgres.ts";

describe("transaction", { tags: "postgresql" }, () => {
  let postgres: Postgres;
  let database: TestDatabase;
  beforeAll(async () => {
    postgres = await startPostgres();
    database = await createTestDatabase(postgres.url);
    await database.pool.query("CREATE TABLE notes (text text)");
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  const { signal } = new AbortController();
  const notes = async () => {
    const { rows } = await database.pool.query<{ text: string }>("SELECT text FROM notes");
    return rows.map(({ text }) => text);
  };

  test("holds what was done, and gives the connection back", async () => {
    const result = await transaction(database.pool, signal, async (client) => {
      await client.query("INSERT INTO notes VALUES ('kept')");
      return 42;
    });
    expect(result).toBe(42);
    expect(await notes()).toEqual(["kept"]);
    expect(database.pool.idleCount).toBe(database.pool.totalCount);
  });

  test("leaves nothing of what failed, and the connection is good", async () => {
    const failing = transaction(database.pool, signal, async (client) => {
      await client.query("INSERT INTO notes VALUES ('lost')");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await notes()).toEqual(["kept"]);
    expect(database.pool.idleCount).toBe(database.pool.totalCount);
  });

  test("ends in the middle of a statement when the caller leaves", async () => {
    const caller = new AbortController();
    const start = performance.now();
    const cut = transaction(database.pool, caller.signal, async (client) => {
      await client.query("INSERT INTO notes VALUES ('cut')");
      setImmediate(() => caller.abort(new Error("the caller left")));
      await client.query("SELECT pg_sleep(60)");
    });
    await expect(cut).rejects.toThrow("the caller left");
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await notes()).toEqual(["kept"]);
  });

  test("fails when its connection breaks, and nothing else does", async () => {
    const broken = transaction(database.pool, signal, async (client) => {
      await client.query("INSERT INTO notes VALUES ('broken')");
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      const ended = new Promise((resolve) => client.once("end", resolve));
      await database.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
      await ended;
      await client.query("SELECT 1");
    });
    await expect(broken).rejects.toThrow();
    expect(await notes()).toEqual(["kept"]);
  });

  test("does not begin for a caller that has left", async () => {
    const gone = AbortSignal.abort(new Error("gone"));
    const never = transaction(database.pool, gone, () => Promise.reject(new Error("ran")));
    await expect(never).rejects.toThrow("gone");
  });
});
