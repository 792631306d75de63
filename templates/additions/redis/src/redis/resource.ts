import { once } from "node:events";
import type { RateLimitConfig } from "../config/rate-limit.ts";
import type { Resource } from "../resource.ts";
import type { Redis } from "./open-redis.ts";

/** Redis as the server sees it: optional when calls pass while they cannot be counted. */
export function redisResource(redis: Redis, { onFailure }: RateLimitConfig): Resource {
  return {
    optional: onFailure === "open",
    async check(signal) {
      if (!redis.isReady) await once(redis, "ready", { signal });
      await redis.ping();
    },
    close: async () => redis.destroy(),
  };
}
