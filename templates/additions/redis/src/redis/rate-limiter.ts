import type { ServiceConfig } from "grpc-service/config";
import { type CallLimiter, createRateLimiter } from "grpc-service/interceptors/rate-limit";
import { RateLimiterRedis } from "rate-limiter-flexible";
import type { Redis } from "./open-redis.ts";

/**
 * Counts calls in Redis, so that servers share the limit. Without Redis, each server counts in memory.
 * Undefined without a limit.
 */
export function createSharedRateLimiter(
  { rateLimit, service }: Pick<ServiceConfig, "rateLimit" | "service">,
  redis: Redis | undefined,
): CallLimiter | undefined {
  const { perMinute } = rateLimit;
  if (perMinute === 0 || redis === undefined) return createRateLimiter(rateLimit);
  return new RateLimiterRedis({
    points: perMinute,
    duration: 60,
    keyPrefix: service.name,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
  });
}
