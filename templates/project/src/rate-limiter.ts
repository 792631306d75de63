import { RateLimiterMemory } from "rate-limiter-flexible";
import type { RateLimitConfig } from "./config/rate-limit.ts";
import type { CallLimiter } from "./interceptors/rate-limit.ts";

/**
 * Counts calls in the memory of this process: every replica grants the whole limit. Undefined when
 * there is no limit.
 */
export function createRateLimiter({ perMinute }: RateLimitConfig): CallLimiter | undefined {
  return perMinute === 0 ? undefined : new RateLimiterMemory({ points: perMinute, duration: 60 });
}
