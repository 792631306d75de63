import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { cleanUp, until } from "../support/echo.ts";
import { startSilentProxy } from "./silent-proxy.ts";
import {
  backends,
  connectTo,
  observer,
  openCall,
  type Postgres,
  patientCall,
  startServer,
} from "./test-database.ts";

const late = new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded");

describe("a call that ends", { tags: "postgresql" }, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test("cancels its statement in the database, and the connection is used again", async () => {
    const { database } = connectTo(server.url, { poolSize: 1 });
    const watching = await observer(server.url);
    const call = openCall();
    const connection = await database.within(call).connect();
    const sleeping = connection.query("SELECT pg_sleep(60)");
    sleeping.catch(() => {});
    await until(async () =>
      (await backends(watching)).some(({ query }) => query.includes("sleep")),
    );
    call.end(late);
    await expect(sleeping).rejects.toBe(late);
    connection.release();
    const next = await database.within(patientCall).connect();
    expect((await next.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    next.release();
    expect(await backends(watching)).toHaveLength(1);
  });

  test("leaves the transaction that it was in", async () => {
    const { database } = connectTo(server.url, { poolSize: 1 });
    const watching = await observer(server.url);
    await watching.query("CREATE TABLE IF NOT EXISTS left_alone (id integer)");
    const call = openCall();
    const running = database.transaction(call, async (pool) => {
      const connection = await pool.connect();
      await connection.query("INSERT INTO left_alone VALUES (1)");
      call.end(late);
      await connection.query("INSERT INTO left_alone VALUES (2)");
    });
    await expect(running).rejects.toBe(late);
    const connection = await database.within(patientCall).connect();
    const { rows } = await connection.query("SELECT count(*)::integer AS count FROM left_alone");
    connection.release();
    expect(rows).toEqual([{ count: 0 }]);
  });

  test("400 calls whose table is locked: never more than the pool, nothing written, others served", async () => {
    const poolSize = 10;
    const { database } = connectTo(server.url, { poolSize });
    const locking = await observer(server.url);
    const watching = await observer(server.url);
    await locking.query("CREATE TABLE locked (id integer); CREATE TABLE other (id integer)");
    await locking.query("BEGIN; LOCK TABLE locked");

    let most = 0;
    let isOver = false;
    const watch = (async () => {
      while (!isOver) most = Math.max(most, (await backends(watching)).length);
    })();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 400 }, async (_, id) => {
        const call = { signal: AbortSignal.timeout(500), deadline: new Date(Date.now() + 500) };
        const connection = await database.within(call).connect();
        try {
          await connection.query("INSERT INTO locked VALUES ($1)", [id]);
        } finally {
          connection.release();
        }
      }),
    );
    // Served while the table is still locked.
    const connection = await database.within(patientCall).connect();
    await connection.query("INSERT INTO other VALUES (1)");
    connection.release();
    isOver = true;
    await watch;
    await locking.query("COMMIT");
    const { rows } = await locking.query("SELECT count(*)::integer AS count FROM locked");
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toEqual([]);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(poolSize + 1);
    expect(rows).toEqual([{ count: 0 }]);
  });

  test("that waits for a connection does not wait any more", async () => {
    const { database } = connectTo(server.url, { poolSize: 1 });
    const held = await database.within(patientCall).connect();
    const call = openCall();
    const waiting = database.within(call).connect();
    expect(database.waitingCount).toBe(1);
    call.end(late);
    await expect(waiting).rejects.toBe(late);
    expect(database.waitingCount).toBe(0);
    held.release();
    (await database.within(patientCall).connect()).release();
  });

  test("does not cancel the statement of the next call", async () => {
    const { database } = connectTo(server.url, { poolSize: 1 });
    for (let round = 0; round < 100; round += 1) {
      const call = openCall();
      const connection = await database.within(call).connect();
      const statement = connection.query("SELECT 1").catch(() => {});
      // As the statement ends.
      if (round % 2 === 0) await Promise.race([statement, new Promise(setImmediate)]);
      call.end(late);
      await statement;
      connection.release();
      const next = await database.within(patientCall).connect();
      await next.query("SELECT pg_sleep(0.002)");
      next.release();
    }
  });

  test("tells the database how long a statement may take", async () => {
    const { database } = connectTo(server.url, { poolSize: 1 });
    const shown = async (leftMs?: number): Promise<unknown> => {
      const deadline = leftMs === undefined ? undefined : new Date(Date.now() + leftMs);
      const connection = await database.within({ ...patientCall, deadline }).connect();
      const { rows } = await connection.query("SHOW statement_timeout");
      connection.release();
      return rows;
    };
    expect(await shown(4_000)).toEqual([{ statement_timeout: "5s" }]);
    expect(await shown(90)).toEqual([{ statement_timeout: "100ms" }]);
    expect(await shown(10_000_000)).toEqual([{ statement_timeout: "30s" }]);
    expect(await shown()).toEqual([{ statement_timeout: "30s" }]);
  });

  test("behind a pooler the time limit holds for one transaction only", async () => {
    const { database } = connectTo(server.url, { poolSize: 1, behindPooler: true });
    const deadline = new Date(Date.now() + 4_000);
    const connection = await database.within({ ...patientCall, deadline }).connect();
    const inside = await connection.query("SHOW statement_timeout");
    await connection.query("CREATE TEMPORARY TABLE kept (id integer)");
    await connection.query("INSERT INTO kept VALUES (1)");
    const kept = await connection.query("SELECT id FROM kept");
    connection.release();
    expect(inside.rows).toEqual([{ statement_timeout: "5s" }]);
    expect(kept.rows).toEqual([{ id: 1 }]);
    const session = await database.transaction(patientCall, async (pool) => {
      const other = await pool.connect();
      return (await other.query("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"))
        .rows;
    });
    expect(session).toEqual([{ setting: "30000" }]);
  });
});

test("a database that has gone silent costs its own call, and the connection", {
  tags: "postgresql",
}, async () => {
  const server = await startServer();
  cleanUp(() => server.stop());
  const proxy = await startSilentProxy(server.url);
  const { database } = connectTo(proxy.url, { poolSize: 1 });
  const call = openCall();
  const connection = await database.within(call).connect();
  const statement = connection.query("SELECT pg_sleep(0.2)");
  statement.catch(() => {});
  proxy.silence();
  call.end(late);
  await expect(statement).rejects.toBe(late);
  connection.release();
  proxy.speak();
  const next = await database.within(patientCall).connect();
  expect((await next.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  next.release();
});
