import { once } from "node:events";
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { RateLimitConfig } from "./config/rate-limit.ts";
import type { CallLimiter } from "./interceptors/rate-limit.ts";
import { openRedis, type Redis } from "./redis/open-redis.ts";
import type { Resources } from "./resource.ts";
import { serviceName } from "./version.ts";

export interface RateLimiter {
  /** Undefined: there is no limit. */
  readonly limiter: CallLimiter | undefined;
  /** What it counts in; handlers may use it, too. Undefined without REDIS_URL. */
  readonly redis: Redis | undefined;
  /** Health follows all resources, and they are closed after the last call. */
  readonly resources: Resources;
}

/** Counts calls in Redis, for all servers together, and without REDIS_URL in memory, for this one. */
export function createRateLimiter({
  perMinute,
  onFailure,
  redisUrl,
}: RateLimitConfig): RateLimiter {
  const limit = { points: perMinute, duration: 60, keyPrefix: serviceName };
  const redis = redisUrl && openRedis(redisUrl);
  if (redis === undefined) {
    const limiter = perMinute === 0 ? undefined : new RateLimiterMemory(limit);
    return { limiter, redis, resources: {} };
  }
  const inRedis = { storeClient: redis, useRedisPackage: true, rejectIfRedisNotReady: true };
  return {
    limiter: perMinute === 0 ? undefined : new RateLimiterRedis({ ...limit, ...inRedis }),
    redis,
    resources: {
      redis: {
        optional: onFailure === "open",
        async check(signal) {
          if (!redis.isReady) await once(redis, "ready", { signal });
          await redis.ping();
        },
        close: async () => redis.destroy(),
      },
    },
  };
}
