import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { RateLimiterRes } from "rate-limiter-flexible";
import { afterEach, expect, test } from "vitest";
import type { RateLimitConfig } from "../../src/config/rate-limit.ts";
import { createPlatform, type Platform } from "../../src/platform.ts";
import { closeAll } from "../../src/resource.ts";
import { testConfig } from "../support.ts";

/** A Redis server for tests; without it they are skipped. */
const testRedisUrl = process.env.TEST_REDIS_URL;

const open: Platform[] = [];
afterEach(async () => {
  for (const { resources } of open.splice(0)) await closeAll(resources);
});

function start(config: Partial<RateLimitConfig>): Platform {
  const rateLimit = { perMinute: 2, onFailure: "open", redisUrl: undefined, ...config } as const;
  const platform = createPlatform(testConfig({ rateLimit }));
  open.push(platform);
  return platform;
}

async function unusedUrl(): Promise<URL> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  server.close();
  await once(server, "close");
  return new URL(`redis://127.0.0.1:${address.port}`);
}

test.skipIf(testRedisUrl === undefined)("servers count together", async () => {
  const redisUrl = new URL(testRedisUrl ?? "");
  const servers = [start({ redisUrl }), start({ redisUrl })];
  for (const { redis } of servers) await expect.poll(() => redis?.isReady).toBe(true);
  const key = randomUUID();
  for (const { limiter } of servers) await limiter?.consume(key);
  for (const { limiter } of servers) {
    await expect(limiter?.consume(key)).rejects.toBeInstanceOf(RateLimiterRes);
  }
  await expect(servers[0]?.resources.redis?.check?.(new AbortController().signal)).resolves.toBe(
    undefined,
  );
});

test("without a limit, calls are not counted; without REDIS_URL, there is no Redis", () => {
  expect(start({ perMinute: 0 }).limiter).toBeUndefined();
  expect(start({})).toMatchObject({ redis: undefined, resources: {} });
});

test("while Redis is away, counting fails at once, and health knows", async () => {
  const redisUrl = await unusedUrl();
  const { limiter, resources } = start({ redisUrl });
  const began = performance.now();
  const failure = await limiter?.consume("somebody").then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  await expect(resources.redis?.check?.(new AbortController().signal)).rejects.toThrow();
  expect(performance.now() - began).toBeLessThan(1000);
});

test("the services stay healthy without Redis only when calls pass without it", async () => {
  const redisUrl = await unusedUrl();
  expect(start({ redisUrl, onFailure: "open" }).resources.redis?.optional).toBe(true);
  expect(start({ redisUrl, onFailure: "closed" }).resources.redis?.optional).toBe(false);
});
