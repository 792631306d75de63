import { createTestDatabase, databaseResource, openDatabase } from "grpc-service/postgres";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { migrationsFolder } from "../../src/database/migrations.ts";
import { CachedUserStore } from "../../src/users/cached-user-store.ts";
import { PostgresUserStore } from "../../src/users/postgres-user-store.ts";
import { describeUserStore } from "./user-store.contract.ts";

/** A PostgreSQL server whose user may create databases. Without it, only the embedded one is tested. */
const server = process.env.TEST_DATABASE_URL;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A store in an empty, migrated database. */
async function open(url?: URL): Promise<PostgresUserStore> {
  const config = loadConfig({ ENV: "test", DATABASE_URL: url?.href });
  const logger = pino({ level: "silent" });
  const database = openDatabase(config, logger);
  const resource = databaseResource(database, config, { migrations: migrationsFolder, logger });
  cleanUps.push(() => resource.close());
  await resource.open?.(new AbortController().signal);
  return new PostgresUserStore(database);
}

/** The same behind a cache. */
async function openCached(url?: URL): Promise<CachedUserStore> {
  return new CachedUserStore(await open(url), { registry: new Registry() });
}

const stores = { PostgresUserStore: open, CachedUserStore: openCached };
describe.each(Object.entries(stores))("%s", (_name, openStore) => {
  describeUserStore("embedded", () => openStore());

  describe.skipIf(server === undefined)("on a server", () => {
    describeUserStore("an empty database", async () => {
      const database = await createTestDatabase(server ?? "");
      cleanUps.push(() => database.close());
      return await openStore(database.url);
    });
  });
});

test("streams more than fits on a page", async () => {
  const store = await open();
  const call = { signal: new AbortController().signal, actor: "test" };
  const users = Array.from({ length: 1201 }, (_, index) => ({
    ...{ name: `user ${index}`, email: `user${index}@example.com` },
    ...{ age: 30, hobbies: [] },
  }));
  await store.createAll(users, call);
  let count = 0;
  for await (const { id } of store.stream(call)) expect(id).toBe(++count);
  expect(count).toBe(1201);
});
