import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { describe, expect, test } from "vitest";
import type { RateLimitConfig } from "../../../runtime/src/config/index.ts";
import { type CallLimiter, rateLimit } from "../../../runtime/src/interceptors/rate-limit/index.ts";
import type { Redis } from "../../../runtime/src/redis/index.ts";
import { createSharedRateLimiter } from "../../../runtime/src/redis/rate-limiter.ts";
import { implementPatterns, outcomeOf, unaryCall } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";
import { answers, connect, startServer, unusedUrl } from "./support/connect.ts";

function limiterOf(redis: Redis | undefined, limit: Partial<RateLimitConfig> = {}): CallLimiter {
  const rateLimit = { perMinute: 2, onFailure: "open", ...limit } as const;
  const limiter = createSharedRateLimiter(
    { rateLimit, service: { name: "shop", version: "1" } },
    redis,
  );
  if (limiter === undefined) throw new Error("there is a limit");
  return limiter;
}

/** How many of ten calls the limiter grants; those that it cannot count are not among them. */
async function granted(limiter: CallLimiter, key = "ada"): Promise<number> {
  let count = 0;
  for (let i = 0; i < 10; i++) {
    const grants = await limiter.consume(key).then(
      () => true,
      () => false,
    );
    if (grants) count += 1;
  }
  return count;
}

test("without a limit, calls are not counted; without Redis, they are counted in memory", () => {
  const service = { name: "shop", version: "1" };
  const none = { rateLimit: { perMinute: 0, onFailure: "open" }, service } as const;
  expect(createSharedRateLimiter(none, undefined)).toBeUndefined();
  expect(limiterOf(undefined)).toBeInstanceOf(RateLimiterMemory);
});

describe("with Redis", { tags: "redis-server" }, () => {
  test("servers count together", async () => {
    const server = await startServer();
    const first = await connect(server.url);
    const second = await connect(server.url);
    const limiters = [limiterOf(first.redis), limiterOf(second.redis)];
    for (const limiter of limiters) await limiter.consume("ada");
    for (const limiter of limiters) {
      await expect(limiter.consume("ada")).rejects.toBeInstanceOf(RateLimiterRes);
    }
    expect(await server.cli("get", "shop:ada")).toBe("4");
  });

  test.each([
    { fault: "killed", begin: "kill", end: "restart" },
    { fault: "hung", begin: "pause", end: "resume" },
  ] as const)(
    "while it is $fault, each server grants the whole limit; then they count together again",
    async ({ begin, end }) => {
      const server = await startServer();
      const first = await connect(server.url);
      const second = await connect(server.url);
      const limiters = [limiterOf(first.redis), limiterOf(second.redis)];
      await server[begin]();
      for (const limiter of limiters) expect(await granted(limiter)).toBe(2);
      await server[end]();
      for (const { redis } of [first, second]) await answers(redis);
      let together = 0;
      for (const limiter of limiters) together += await granted(limiter, "grace");
      expect(together).toBe(2);
    },
  );

  test("while it is out of memory, each server counts in memory", async () => {
    const server = await startServer("--maxmemory-policy", "noeviction");
    const { redis, messages } = await connect(server.url);
    const limiter = limiterOf(redis);
    await server.cli("config", "set", "maxmemory", "1");
    expect(await granted(limiter)).toBe(2);
    await server.cli("config", "set", "maxmemory", "0");
    await limiter.consume("ada");
    expect(await server.cli("get", "shop:ada")).toBe("1");
    expect(messages()).toEqual([]);
  });
});

test("a Redis that hangs fails no call", { tags: "redis-server" }, async () => {
  const server = await startServer();
  const { redis } = await connect(server.url);
  const { logger, lines } = recordingLogger();
  const limiter = limiterOf(redis, { perMinute: 1000 });
  const { channel } = await serve([implementPatterns(() => {})], [rateLimit({ limiter, logger })]);
  server.pause();
  const call = () => outcomeOf(unaryCall(channel, { timeoutMs: 5000 }));
  const outcomes = await Promise.all(Array.from({ length: 300 }, call));
  for (let i = 0; i < 6; i++) outcomes.push(await call());
  expect(new Set(outcomes)).toEqual(new Set(["OK"]));
  expect(lines).toEqual([]);
});

test("closed: while Redis is away calls are refused, with one line in the log", async () => {
  const { redis } = await connect(await unusedUrl());
  const { logger, lines } = recordingLogger();
  const limiter = limiterOf(redis, { onFailure: "closed" });
  const limit = rateLimit({ limiter, logger, onFailure: "closed" });
  const { channel } = await serve([implementPatterns(() => {})], [limit]);
  for (let i = 0; i < 3; i++) expect(await outcomeOf(unaryCall(channel))).toBe("UNAVAILABLE");
  expect(lines.map(({ msg }) => msg)).toEqual([
    "the rate limiter cannot be reached: all calls are refused",
  ]);
});

test("open: while Redis is away calls pass up to the limit in memory", async () => {
  const { redis } = await connect(await unusedUrl());
  const { logger, lines } = recordingLogger();
  const limit = rateLimit({ limiter: limiterOf(redis), logger });
  const { channel } = await serve([implementPatterns(() => {})], [limit]);
  const outcomes: string[] = [];
  for (let i = 0; i < 3; i++) outcomes.push(await outcomeOf(unaryCall(channel)));
  expect(outcomes).toEqual(["OK", "OK", "RESOURCE_EXHAUSTED"]);
  expect(lines).toEqual([]);
});
