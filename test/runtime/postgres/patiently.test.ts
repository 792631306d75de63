import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { type Database, patiently } from "../../../runtime/src/postgres/index.ts";
import { until } from "../support/echo.ts";
import {
  backends,
  connectTo,
  observer,
  openCall,
  type Postgres,
  patientCall,
  startServer,
} from "./test-database.ts";

const away = new GrpcError("UNAVAILABLE", "away");

/** Work that fails with these errors before it succeeds. */
function failing(...errors: readonly unknown[]) {
  const left = [...errors];
  let runs = 0;
  return {
    runs: () => runs,
    async work(): Promise<string> {
      runs += 1;
      if (left.length > 0) throw left.shift();
      return "done";
    },
  };
}

async function ask(database: Database, text: string): Promise<unknown> {
  const connection = await database.within(patientCall).connect();
  return await connection.query(text).finally(() => connection.release());
}

test("work that fails while the database is away is done again", async () => {
  const { work, runs } = failing(away, away);
  expect(await patiently(patientCall, work)).toBe("done");
  expect(runs()).toBe(3);
});

test("any other error ends it at once", async () => {
  for (const error of [new Error("bug"), new GrpcError("RESOURCE_EXHAUSTED", "the disk is full")]) {
    const { work, runs } = failing(error);
    await expect(patiently(patientCall, work)).rejects.toBe(error);
    expect(runs()).toBe(1);
  }
});

test("it gives up after a time", async () => {
  const { work, runs } = failing(...Array<GrpcError>(1000).fill(away));
  await expect(patiently(patientCall, work, { maxMs: 300 })).rejects.toBe(away);
  expect(runs()).toBeGreaterThan(1);
  expect(runs()).toBeLessThan(10);
});

test("it ends with the call", async () => {
  const call = openCall();
  const reason = new Error("the caller has left");
  const work = async () => {
    setImmediate(() => call.end(reason));
    throw away;
  };
  await expect(patiently(call, work)).rejects.toBe(reason);
});

describe("a PostgreSQL", { tags: "postgresql" }, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test("that restarts is waited for", async () => {
    const { database } = connectTo(server.url);
    await ask(database, "CREATE TABLE kept (id integer)");
    const watching = await observer(server.url);
    let runs = 0;
    const work = () => {
      runs += 1;
      return ask(database, runs === 1 ? "SELECT pg_sleep(60)" : "INSERT INTO kept VALUES (1)");
    };
    const done = patiently(patientCall, work);
    await until(async () =>
      (await backends(watching)).some(({ query }) => query.includes("sleep")),
    );
    await server.kill();
    await until(() => runs > 1);
    await server.restart();
    await expect(done).resolves.toMatchObject({ rowCount: 1 });
  });

  test("whose connections are all in use is waited for", async () => {
    const { database } = connectTo(server.url, { poolSize: 1 });
    const held = await database.within(patientCall).connect();
    let runs = 0;
    const done = patiently(patientCall, () => {
      runs += 1;
      return ask(database, "SELECT 1");
    });
    await until(() => runs > 1);
    held.release();
    await expect(done).resolves.toMatchObject({ rowCount: 1 });
  });

  test("with another schema is not waited for", async () => {
    const { database } = connectTo(server.url);
    let runs = 0;
    const work = () => {
      runs += 1;
      return ask(database, "SELECT * FROM not_there");
    };
    await expect(patiently(patientCall, work)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(runs).toBe(1);
  });
});
