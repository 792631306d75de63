import { RateLimiterMemory } from "rate-limiter-flexible";
import type { RateLimitConfig } from "../../config/rate-limit.ts";
import type { CallLimiter } from "./rate-limit.ts";

/**
 * Counts calls in the memory of this process, so every replica grants the whole limit. Undefined when
 * there is no limit.
 */
export function createRateLimiter({
  perMinute,
}: Pick<RateLimitConfig, "perMinute">): CallLimiter | undefined {
  return perMinute === 0 ? undefined : new RateLimiterMemory({ points: perMinute, duration: 60 });
}
