import type { EnvReader } from "../config/env-reader.ts";
import { readEnvironmentName } from "../config/environment.ts";

/** Settings of the connection to Redis. */
export interface RedisConfig {
  /** May hold a password. Undefined: Redis is not used. */
  readonly url: URL | undefined;
  /** Longest wait for the answer to a command, in milliseconds. */
  readonly timeoutMs: number;
}

/** Reads REDIS_URL, which must be set in production, and REDIS_TIMEOUT_MS. Problems are collected in `env`. */
export function readRedisConfig(env: EnvReader): RedisConfig {
  const environment = readEnvironmentName(env);
  env.section("Redis");
  const url = env.url(
    "REDIS_URL",
    "redis://:password@host:6379, rediss:// for TLS: servers share the rate limit in it. Must be set in production.",
    ["redis:", "rediss:"],
  );
  if (url === undefined && environment === "production") {
    env.reject("REDIS_URL", "must be set when ENV=production");
  }
  if (url !== undefined && !/^\/?\d*$/.test(url.pathname)) {
    env.reject("REDIS_URL", "must end with the host or the number of a database, such as /0");
  }
  const timeoutMs = env.integer(
    "REDIS_TIMEOUT_MS",
    "Milliseconds to wait for the answer to a command of Redis. After three timeouts in a row, commands fail at once until it answers again.",
    500,
    { min: 1, max: 60_000 },
  );
  return { url, timeoutMs };
}
