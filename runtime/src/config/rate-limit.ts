import type { EnvReader } from "./env-reader.ts";

/** Settings of the rate limit. */
export interface RateLimitConfig {
  /** Calls per minute of one caller to one method; 0 is no limit. */
  readonly perMinute: number;
  /** While calls cannot be counted, `open` lets them pass and `closed` refuses them. */
  readonly onFailure: "open" | "closed";
}

/** Reads the rate limit settings. Problems are collected in `env`. */
export function readRateLimit(env: EnvReader): RateLimitConfig {
  env.section("Rate limit");
  return {
    perMinute: env.integer(
      "RATE_LIMIT_PER_MINUTE",
      "Calls per minute of one caller to one method. 0 is no limit.",
      0,
      { min: 0, max: 1_000_000_000 },
    ),
    // Calls that are counted in memory can always be counted.
    onFailure: env.unlisted(() =>
      env.oneOf(
        "RATE_LIMIT_ON_FAILURE",
        "While calls cannot be counted, open lets them pass and closed refuses them.",
        ["open", "closed"],
        "open",
      ),
    ),
  };
}
