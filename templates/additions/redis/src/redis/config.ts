import { type EnvReader, readEnvironmentName } from "grpc-service/config";

export interface RedisConfig {
  /** Undefined: Redis is not used. */
  readonly url: URL | undefined;
}

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
  return { url };
}
