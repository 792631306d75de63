import {
  createTestDatabase,
  type Database,
  databaseResource,
  openDatabase,
} from "grpc-service/postgres";
import { collect } from "grpc-service/testing";
import { sql } from "kysely";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { migrationsFolder } from "../../src/database/migrations.ts";
import { queries } from "../../src/database/queries.ts";
import { RecordFailure_Code as Code } from "../../src/gen/data_pb.ts";
import { PostgresRecordStore } from "../../src/records/postgres-record-store.ts";
import type { NewRecord } from "../../src/records/record-store.ts";

/** A PostgreSQL server whose user may create databases. Without it, only the embedded one is tested. */
const server = process.env.TEST_DATABASE_URL;
const call = { signal: new AbortController().signal };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A store in an empty, migrated database. */
async function open(url?: URL): Promise<{ store: PostgresRecordStore; database: Database }> {
  const config = loadConfig({ ENV: "test", DATABASE_URL: url?.href });
  const logger = pino({ level: "silent" });
  const database = openDatabase(config, logger);
  const resource = databaseResource(database, config, { migrations: migrationsFolder, logger });
  cleanUps.push(() => resource.close());
  await resource.open?.(new AbortController().signal);
  return { store: new PostgresRecordStore(database), database };
}

async function openOnServer() {
  const database = await createTestDatabase(server ?? "");
  cleanUps.push(() => database.close());
  return await open(database.url);
}

function record(index: number): NewRecord {
  return { index, id: `r${index}`, time: { seconds: BigInt(index), nanos: 0 }, data: `${index}` };
}

function records(count: number): NewRecord[] {
  return Array.from({ length: count }, (_, index) => record(index));
}

function describeStore(name: string, opened: typeof openOnServer): void {
  describe(name, () => {
    test("stores each record once", async () => {
      const { store } = await opened();
      expect(await store.insert(records(3), call)).toEqual({ inserted: 3, refusals: [] });
      expect(await store.insert(records(5), call)).toEqual({ inserted: 2, refusals: [] });
      expect(await store.insert([], call)).toEqual({ inserted: 0, refusals: [] });
      const found = await collect(store.query({}, call));
      expect(found).toMatchObject(records(5).map(({ index: _, ...stored }) => stored));
    });

    test("the first of several records with one id wins", async () => {
      const { store } = await opened();
      const same = [record(0), { ...record(0), index: 1, data: "b" }, { ...record(0), index: 2 }];
      expect(await store.insert(same, call)).toEqual({
        inserted: 1,
        refusals: [
          { index: 1, id: "r0", code: Code.ALREADY_EXISTS, message: "id: another record has it" },
        ],
      });
      expect(await collect(store.query({}, call))).toMatchObject([{ id: "r0", data: "0" }]);
    });

    test("the same records in another order at the same time are stored once", async () => {
      const { store } = await opened();
      const all = records(500);
      const calls = [all, all.toReversed(), all, all.toReversed()];
      const results = await Promise.all(calls.map((each) => store.insert(each, call)));
      expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(500);
      expect(results.flatMap(({ refusals }) => refusals)).toEqual([]);
    });

    test("finds the records that a rule of the database refuses", async () => {
      const { store, database } = await opened();
      const db = queries<unknown>(database.within(call));
      await sql`ALTER TABLE records ADD CONSTRAINT no_seven CHECK (data NOT LIKE '%7%')`.execute(
        db,
      );
      const { inserted, refusals } = await store.insert(records(100), call);
      expect(inserted).toBe(81);
      expect(refusals).toHaveLength(19);
      expect(refusals[0]).toEqual({
        ...{ index: 7, id: "r7", code: Code.INVALID_ARGUMENT },
        message: "refused by the database: no_seven",
      });
    });

    test("stores a text that only the database refuses as a refusal", async () => {
      const { store } = await opened();
      const bad = { ...record(1), data: "a\0b" };
      const { inserted, refusals } = await store.insert([record(0), bad, record(2)], call);
      expect(inserted).toBe(2);
      expect(refusals).toMatchObject([{ index: 1, code: Code.INVALID_ARGUMENT }]);
    });

    test("sends large records in small pages", async () => {
      const { store } = await opened();
      const large = records(40).map((each) => ({ ...each, data: "한".repeat(65_536) }));
      await store.insert(large, call);
      let count = 0;
      for await (const { id } of store.query({}, call)) expect(id).toBe(`r${count++}`);
      expect(count).toBe(40);
    });

    test("does nothing for a call that has ended", async () => {
      const { store } = await opened();
      const reason = new Error("the caller has left");
      const ended = { signal: AbortSignal.abort(reason) };
      await expect(store.insert(records(1), ended)).rejects.toBe(reason);
      await expect(collect(store.query({}, ended))).rejects.toBe(reason);
      expect(await collect(store.query({}, call))).toEqual([]);
    });
  });
}

describeStore("PostgresRecordStore, embedded", () => open());

describe.skipIf(server === undefined)("on a server", () => {
  describeStore("PostgresRecordStore", openOnServer);
});
