import { once } from "node:events";
import type { Resource } from "grpc-service/app";
import type { RateLimitConfig } from "grpc-service/config";
import type { Redis } from "./open-redis.ts";

/** Redis as a resource. It is optional if calls are allowed while Redis is unavailable. */
export function redisResource(
  redis: Redis | undefined,
  { onFailure }: RateLimitConfig,
): Resource | undefined {
  if (redis === undefined) return undefined;
  return {
    optional: onFailure === "open",
    async check(signal) {
      if (!redis.isReady) await once(redis, "ready", { signal });
      await redis.ping();
    },
    close: async () => redis.destroy(),
  };
}
