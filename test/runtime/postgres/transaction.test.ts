import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../../runtime/src/postgres/index.ts";
import { type Postgres, startPostgres } from "../../ops/services/postgres.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { observer, patientCall, settingsFor } from "./test-database.ts";

describe("transaction", { tags: "postgresql" }, () => {
  let postgres: Postgres;
  let database: Database;
  beforeAll(async () => {
    postgres = await startPostgres();
    database = openDatabase(settingsFor(postgres.url), recordingLogger().logger);
    const connection = await database.within(patientCall).connect();
    await connection.query("CREATE TABLE notes (text text)");
    connection.release();
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  const notes = async () => {
    const connection = await database.within(patientCall).connect();
    const { rows } = await connection.query<{ text: string }>("SELECT text FROM notes");
    connection.release();
    return rows.map(({ text }) => text);
  };
  const add = async (pool: Parameters<Parameters<Database["transaction"]>[1]>[0], text: string) => {
    const connection = await pool.connect();
    await connection.query("INSERT INTO notes VALUES ($1)", [text]);
    return connection;
  };
  const idle = () => expect.poll(() => database.idleCount).toBe(database.totalCount);

  test("holds what was done, and gives the connection back", async () => {
    const result = await database.transaction(patientCall, async (pool) => {
      await add(pool, "kept");
      return 42;
    });
    expect(result).toBe(42);
    expect(await notes()).toEqual(["kept"]);
    await idle();
  });

  test("leaves nothing of what failed, and the connection is good", async () => {
    const failing = database.transaction(patientCall, async (pool) => {
      await add(pool, "lost");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await notes()).toEqual(["kept"]);
    await idle();
  });

  test("ends in the middle of a statement when the caller leaves", async () => {
    const caller = new AbortController();
    const start = performance.now();
    const cut = database.transaction(caller, async (pool) => {
      const connection = await add(pool, "cut");
      setImmediate(() => caller.abort(new Error("the caller left")));
      await connection.query("SELECT pg_sleep(60)");
    });
    await expect(cut).rejects.toThrow("the caller left");
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await notes()).toEqual(["kept"]);
    await idle();
  });

  test("fails when its connection breaks, and nothing else does", async () => {
    const watching = await observer(postgres.url);
    const broken = database.transaction(patientCall, async (pool) => {
      const connection = await add(pool, "broken");
      const { rows } = await connection.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      await watching.query("SELECT pg_terminate_backend($1, 5000)", [rows[0]?.pid]);
      await connection.query("SELECT 1");
    });
    await expect(broken).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await notes()).toEqual(["kept"]);
  });

  test("does not begin for a caller that has left", async () => {
    const gone = { signal: AbortSignal.abort(new Error("gone")) };
    const never = database.transaction(gone, () => Promise.reject(new Error("ran")));
    await expect(never).rejects.toThrow("gone");
  });
});
