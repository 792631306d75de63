import type { EnvReader } from "./env-reader.ts";
import { environmentOf } from "./environment.ts";

export interface RateLimitConfig {
  /** Calls that one caller may make of one method; 0 for as many as it likes. */
  readonly perMinute: number;
  /** What becomes of calls that cannot be counted: `open` lets them pass, `closed` refuses them. */
  readonly onFailure: "open" | "closed";
  /** Where servers count together; undefined: each for itself, in memory. */
  readonly redisUrl: URL | undefined;
}

export function readRateLimit(env: EnvReader): RateLimitConfig {
  const environment = environmentOf(env);
  env.section("Rate limit");
  const perMinute = env.integer(
    "RATE_LIMIT_PER_MINUTE",
    "how often one caller may call one method; 0 is no limit",
    0,
    { min: 0, max: 1_000_000_000 },
  );
  const onFailure = env.oneOf(
    "RATE_LIMIT_ON_FAILURE",
    "whether calls pass while they cannot be counted",
    ["open", "closed"],
    "open",
  );
  const redisUrl = env.url(
    "REDIS_URL",
    "where servers count together (redis://:password@host:6379, rediss:// for TLS); must be set in production",
    ["redis:", "rediss:"],
  );
  if (redisUrl === undefined && environment === "production") {
    env.reject("REDIS_URL", "must be set when ENV=production");
  }
  return { perMinute, onFailure, redisUrl };
}
