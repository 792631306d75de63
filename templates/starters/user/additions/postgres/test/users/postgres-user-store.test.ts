import { afterEach, describe, expect, test } from "vitest";
import { migrate } from "../../src/database/migrate.ts";
import { readMigrations } from "../../src/database/migrations.ts";
import { migrationsFolder } from "../../src/database/resource.ts";
import { PostgresUserStore } from "../../src/users/postgres-user-store.ts";
import { createTestDatabase, type TestDatabase, testDatabaseUrl } from "../database/database.ts";
import { describeUserStore } from "./user-store.contract.ts";

describe.skipIf(testDatabaseUrl === undefined)("in PostgreSQL", () => {
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.close();
  });

  async function open(): Promise<PostgresUserStore> {
    const database = await createTestDatabase();
    databases.push(database);
    const { signal } = new AbortController();
    await migrate(database.pool, await readMigrations(migrationsFolder), signal);
    return new PostgresUserStore(database.pool);
  }

  describeUserStore("PostgresUserStore", open);

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
});
