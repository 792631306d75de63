import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { ServiceConfig } from "../config/service.ts";
import type { CallLimiter } from "../interceptors/rate-limit/rate-limit.ts";
import { createRateLimiter } from "../interceptors/rate-limit/rate-limiter.ts";
import type { Redis } from "./redis.ts";

/** The part of a client of node-redis that counting uses. */
interface CountingClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/**
 * Counts calls in Redis, so that servers share the limit. While Redis is away and `onFailure` is `open`,
 * each server counts in memory and so grants the whole limit; with `closed`, calls cannot be counted.
 * Without Redis, servers always count in memory. Undefined without a limit.
 *
 * @example
 * ```ts
 * const limiter = createSharedRateLimiter(config, redis);
 * // In the interceptors:
 * limiter && rateLimit({ limiter, logger, onFailure: config.rateLimit.onFailure });
 * ```
 */
export function createSharedRateLimiter(
  { rateLimit, service }: Pick<ServiceConfig, "rateLimit" | "service">,
  redis: Redis | undefined,
): CallLimiter | undefined {
  const { perMinute, onFailure } = rateLimit;
  if (perMinute === 0 || redis === undefined) return createRateLimiter(rateLimit);
  const limit = { points: perMinute, duration: 60 };
  const storeClient: CountingClient = {
    eval: (script, options) => redis.run((client) => client.eval(script, options)),
  };
  return new RateLimiterRedis({
    ...limit,
    keyPrefix: service.name,
    storeClient,
    useRedisPackage: true,
    ...(onFailure === "open" && { insuranceLimiter: new RateLimiterMemory(limit) }),
  });
}
