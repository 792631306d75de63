import { RateLimiterMemory } from "rate-limiter-flexible";
import type { RateLimitConfig } from "./config/rate-limit.ts";
import type { CallLimiter } from "./interceptors/rate-limit.ts";
import type { Resources } from "./resource.ts";

export interface RateLimiter {
  /** Undefined: there is no limit. */
  readonly limiter: CallLimiter | undefined;
  /** What it counts in. Health follows all resources, and they are closed after the last call. */
  readonly resources: Resources;
}

/** Counts calls in the memory of this process: every replica grants the whole limit. */
export function createRateLimiter({ perMinute }: RateLimitConfig): RateLimiter {
  const limiter =
    perMinute === 0 ? undefined : new RateLimiterMemory({ points: perMinute, duration: 60 });
  return { limiter, resources: {} };
}
