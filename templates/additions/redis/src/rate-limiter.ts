import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { RateLimitConfig } from "./config/rate-limit.ts";
import type { CallLimiter } from "./interceptors/rate-limit.ts";
import type { Redis } from "./redis/open-redis.ts";
import { serviceName } from "./version.ts";

/**
 * Counts calls in Redis, for all servers together, or without one in memory, for this server.
 * Undefined when there is no limit.
 */
export function createRateLimiter(
  { perMinute }: RateLimitConfig,
  redis: Redis | undefined,
): CallLimiter | undefined {
  if (perMinute === 0) return undefined;
  const limit = { points: perMinute, duration: 60, keyPrefix: serviceName };
  if (redis === undefined) return new RateLimiterMemory(limit);
  const inRedis = { storeClient: redis, useRedisPackage: true, rejectIfRedisNotReady: true };
  return new RateLimiterRedis({ ...limit, ...inRedis });
}
