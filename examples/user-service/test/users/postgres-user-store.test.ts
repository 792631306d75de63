import { createTestDatabase, databaseResource, openDatabase } from "grpc-service/postgres";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { migrationsFolder } from "../../src/database/migrations.ts";
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

describeUserStore("PostgresUserStore, embedded", () => open());

describe.skipIf(server === undefined)("on a server", () => {
  describeUserStore("PostgresUserStore", async () => {
    const database = await createTestDatabase(server ?? "");
    cleanUps.push(() => database.close());
    return await open(database.url);
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
