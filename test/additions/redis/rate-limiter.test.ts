import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { RateLimiterRes } from "rate-limiter-flexible";
import { afterEach, expect, onTestFinished, test } from "vitest";
import type { Resource } from "../../../runtime/src/app/index.ts";
import type { RateLimitConfig } from "../../../runtime/src/config/index.ts";
import type { CallLimiter } from "../../../runtime/src/interceptors/rate-limit/index.ts";
import { openRedis, type Redis } from "../../../templates/additions/redis/src/redis/open-redis.ts";
import { createSharedRateLimiter } from "../../../templates/additions/redis/src/redis/rate-limiter.ts";
import { redisResource } from "../../../templates/additions/redis/src/redis/resource.ts";
import { startRedis } from "../../ops/services/redis.ts";

/** What the addition creates in dependencies.ts. */
interface Created {
  readonly redis: Redis | undefined;
  readonly limiter: CallLimiter | undefined;
  readonly resource: Resource | undefined;
}

const open: Created[] = [];
afterEach(async () => {
  for (const { resource } of open.splice(0)) await resource?.close();
});

function start(options: Partial<RateLimitConfig> & { readonly url?: URL }): Created {
  const { url, ...limits } = options;
  const rateLimit = { perMinute: 2, onFailure: "open", ...limits } as const;
  const config = { rateLimit, redis: { url }, service: { name: "shop", version: "1.0.0" } };
  const redis = openRedis(config);
  const created = {
    redis,
    limiter: createSharedRateLimiter(config, redis),
    resource: redisResource(redis, rateLimit),
  };
  open.push(created);
  return created;
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

test("servers count together", { tags: "redis-server" }, async () => {
  const server = await startRedis();
  onTestFinished(server.stop);
  const url = new URL(server.url);
  const servers = [start({ url }), start({ url })];
  for (const { redis } of servers) await expect.poll(() => redis?.isReady).toBe(true);
  const key = randomUUID();
  for (const { limiter } of servers) await limiter?.consume(key);
  for (const { limiter } of servers) {
    await expect(limiter?.consume(key)).rejects.toBeInstanceOf(RateLimiterRes);
  }
  await expect(servers[0]?.resource?.check?.(new AbortController().signal)).resolves.toBe(
    undefined,
  );
});

test("without a limit, calls are not counted; without REDIS_URL, there is no Redis", () => {
  expect(start({ perMinute: 0 }).limiter).toBeUndefined();
  expect(start({})).toMatchObject({ redis: undefined, resource: undefined });
});

test("while Redis is away, counting fails at once, and health knows", async () => {
  const url = await unusedUrl();
  const { limiter, resource } = start({ url });
  const began = performance.now();
  const failure = await limiter?.consume("somebody").then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  await expect(resource?.check?.(new AbortController().signal)).rejects.toThrow();
  expect(performance.now() - began).toBeLessThan(1000);
});

test("the services stay healthy without Redis only when calls pass without it", async () => {
  const url = await unusedUrl();
  expect(start({ url, onFailure: "open" }).resource?.optional).toBe(true);
  expect(start({ url, onFailure: "closed" }).resource?.optional).toBe(false);
});
