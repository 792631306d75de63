/** A connection to Redis that fails fast. Needs the package @redis/client. */
export { redisCacheStore } from "./cache-store.ts";
export type { RedisClient } from "./client.ts";
export { type RedisConfig, readRedisConfig } from "./config.ts";
export { type OpenRedisOptions, openRedis } from "./open-redis.ts";
export type { Redis, RedisSubscription } from "./redis.ts";
export { redisResource } from "./resource.ts";
export { RedisUnavailableError } from "./unavailable-error.ts";
