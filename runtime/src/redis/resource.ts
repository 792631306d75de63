import type { Resource } from "../app/resource.ts";
import type { RateLimitConfig } from "../config/rate-limit.ts";
import type { Redis } from "./redis.ts";

/** The key that a health check writes is gone after this time. */
const keptMs = 60_000;

/**
 * Redis as a resource, for health and stop. A check writes a key the way that other commands go, so it
 * fails when Redis is away, hangs, answers too late, is out of memory or is a read-only replica.
 *
 * Redis is optional while calls are allowed without it: its health is then reported as `redis` only.
 *
 * @returns undefined without Redis
 */
export function redisResource(
  redis: Redis | undefined,
  { onFailure }: Pick<RateLimitConfig, "onFailure">,
): Resource | undefined {
  if (redis === undefined) return undefined;
  return {
    optional: onFailure === "open",
    async check() {
      // The first check is made at start, while the connection is.
      await redis.tried;
      await redis.run((client) => client.set(`${redis.name}:health`, "1", { PX: keptMs }));
    },
    close: () => redis.close(),
  };
}
