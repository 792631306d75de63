import type { EnvReader } from "./env-reader.ts";

export interface RateLimitConfig {
  /** Calls that one caller may make of one method; 0 for as many as it likes. */
  readonly perMinute: number;
  /** What becomes of calls that cannot be counted: `open` lets them pass, `closed` refuses them. */
  readonly onFailure: "open" | "closed";
}

export function readRateLimit(env: EnvReader): RateLimitConfig {
  env.section("Rate limit");
  return {
    perMinute: env.integer(
      "RATE_LIMIT_PER_MINUTE",
      "how often one caller may call one method; 0 is no limit",
      0,
      { min: 0, max: 1_000_000_000 },
    ),
    onFailure: env.oneOf(
      "RATE_LIMIT_ON_FAILURE",
      "whether calls pass while they cannot be counted",
      ["open", "closed"],
      "open",
    ),
  };
}
