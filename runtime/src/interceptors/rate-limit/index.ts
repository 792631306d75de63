/** Limits calls per caller and method. Needs the package rate-limiter-flexible. */
export { type CallLimiter, rateLimit } from "./rate-limit.ts";
export { createRateLimiter } from "./rate-limiter.ts";
