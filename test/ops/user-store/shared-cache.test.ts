import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { loadConfig } from "../../../examples/user-service/src/config.ts";
import { migrationsFolder } from "../../../examples/user-service/src/database/migrations.ts";
import { UserStatus } from "../../../examples/user-service/src/gen/user_pb.ts";
import { CachedUserStore } from "../../../examples/user-service/src/users/cached-user-store.ts";
import { PostgresUserStore } from "../../../examples/user-service/src/users/postgres-user-store.ts";
import type { StoreCall } from "../../../examples/user-service/src/users/user-store.ts";
import { describeUserStore } from "../../../examples/user-service/test/users/user-store.contract.ts";
import {
  createTestDatabase,
  databaseResource,
  openDatabase,
} from "../../../runtime/src/postgres/index.ts";
import { openRedis, redisCacheStore } from "../../../runtime/src/redis/index.ts";
import { cleanUp } from "../../runtime/support/echo.ts";
import { type Postgres, startPostgres } from "../services/postgres.ts";
import { type Redis, startRedis } from "../services/redis.ts";

const call: StoreCall = { signal: new AbortController().signal, actor: "test" };
const ada = { name: "ada", email: "ada@example.com", age: 30, hobbies: [] };

describe("users in PostgreSQL, cached in Redis", { tags: ["postgresql", "redis-server"] }, () => {
  let postgres: Postgres;
  let redis: Redis;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  });
  afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

  /** An empty database, and an empty Redis. */
  async function emptyDatabase(): Promise<URL> {
    await redis.cli("flushall");
    const database = await createTestDatabase(postgres.url);
    cleanUp(() => database.close());
    return database.url;
  }

  /** The store of one server, with the wiring of a project with both. */
  async function open(url: URL) {
    const config = loadConfig({ ENV: "test", DATABASE_URL: url.href });
    const logger = pino({ level: "silent" });
    const database = openDatabase(config, logger);
    const resource = databaseResource(database, config, { migrations: migrationsFolder, logger });
    cleanUp(() => resource.close());
    await resource.open?.(call.signal);
    const settings = { url: new URL(redis.url), timeoutMs: 500 };
    const connection = openRedis({
      redis: settings,
      service: { ...config.service, name: "users" },
    });
    if (connection === undefined) throw new Error("there is a URL");
    cleanUp(() => connection.close());
    const behind = new PostgresUserStore(database);
    const find = vi.spyOn(behind, "find");
    const sharedCache = redisCacheStore(connection);
    return { find, store: new CachedUserStore(behind, { registry: new Registry(), sharedCache }) };
  }

  /** Two servers that hear of each other's changes. */
  async function openTwo() {
    const url = await emptyDatabase();
    const [a, b] = [await open(url), await open(url)];
    const subscribers = () => redis.cli("pubsub", "numsub", "users:cache:users");
    await expect.poll(subscribers).toBe("users:cache:users\n2");
    return [a, b] as const;
  }

  describeUserStore(
    "the store of one server",
    async () => (await open(await emptyDatabase())).store,
  );

  test("a server uses what another one has found", async () => {
    const [a, b] = await openTwo();
    const { id } = await a.store.create(ada, call);
    await a.store.find(id, call);
    await expect.poll(() => redis.cli("get", `users:cache:users:${id}`)).toMatch(/^v\{/);
    expect(await b.store.find(id, call)).toMatchObject(ada);
    expect(b.find).not.toHaveBeenCalled();
  });

  test("a suspension shows at once on its server, and soon on the others", async () => {
    const [a, b] = await openTwo();
    const { id } = await a.store.create(ada, call);
    const statusOn = async ({ store }: typeof a) => (await store.find(id, call))?.status;
    expect([await statusOn(a), await statusOn(b)]).toEqual([UserStatus.ACTIVE, UserStatus.ACTIVE]);
    await a.store.setStatus(id, UserStatus.SUSPENDED, call);
    expect(await statusOn(a)).toBe(UserStatus.SUSPENDED);
    await expect.poll(() => statusOn(b), { timeout: 1_000 }).toBe(UserStatus.SUSPENDED);
  });

  test("a user that one server has missed is found once another has created it", async () => {
    const [a, b] = await openTwo();
    expect(await b.store.find(1, call)).toBeUndefined();
    await a.store.createAll([ada], call);
    await expect.poll(() => b.store.find(1, call), { timeout: 400 }).toMatchObject(ada);
  });

  test.each([
    { fault: "killed", begin: "kill", end: "restart" },
    { fault: "hung", begin: "pause", end: "resume" },
  ] as const)(
    "with Redis $fault no call fails, and its server sees a suspension at once",
    async ({ begin, end }) => {
      const [a, b] = await openTwo();
      const { id } = await a.store.create(ada, call);
      await redis[begin]();
      const found = await Promise.all(Array.from({ length: 100 }, () => b.store.find(id, call)));
      expect(found).toEqual(Array(100).fill(expect.objectContaining(ada)));
      await a.store.setStatus(id, UserStatus.SUSPENDED, call);
      expect(await a.store.find(id, call)).toMatchObject({ status: UserStatus.SUSPENDED });
      await redis[end]();
      // By the time limit of the cache at the latest.
      const status = async () => (await b.store.find(id, call))?.status;
      await expect.poll(status, { timeout: 10_000 }).toBe(UserStatus.SUSPENDED);
    },
  );
});
