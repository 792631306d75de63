import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  backends,
  connectTo,
  observer,
  openCall,
  type Postgres,
  patientCall,
  startServer,
} from "./test-database.ts";

describe("one statement in plain SQL", { tags: "postgresql" }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startServer();
  });
  afterAll(() => postgres.stop());

  test("returns its rows, and gives the connection back", async () => {
    const { database } = connectTo(postgres.url, { poolSize: 1 });
    for (const value of [1, 2, 3]) {
      const rows = await database.query<{ next: number }>(
        patientCall,
        "SELECT $1::integer + 1 AS next",
        [value],
      );
      expect(rows).toEqual([{ next: value + 1 }]);
    }
    expect(await database.query(patientCall, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("gives the connection back when it fails", async () => {
    const { database } = connectTo(postgres.url, { poolSize: 1 });
    await expect(database.query(patientCall, "SELEC 1")).rejects.toMatchObject({ state: "42601" });
    expect(await database.query(patientCall, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("ends in the database when its call ends", async () => {
    const { database } = connectTo(postgres.url);
    const watching = await observer(postgres.url);
    const call = openCall();
    const reason = new Error("the caller has left");
    const sleeping = database.query(call, "SELECT pg_sleep(60)");
    const running = async () =>
      (await backends(watching)).filter(({ state }) => state === "active");
    await expect.poll(running).toHaveLength(1);
    call.end(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect.poll(running).toHaveLength(0);
  });
});
