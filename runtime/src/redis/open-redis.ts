import type { ServiceInfo } from "../config/service-info.ts";
import type { Logger } from "../logger/logger.ts";
import type { RedisConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import type { Redis } from "./redis.ts";

/** Options of `openRedis`. */
export interface OpenRedisOptions {
  /** Gets one line when Redis goes away and one when it is back. */
  readonly logger?: Logger;
}

/**
 * Connects to Redis in the background, and again whenever the connection breaks. Undefined without a URL.
 *
 * Commands never wait for a connection. One that is not answered within `timeoutMs` fails; after three
 * in a row the connection is given up, so that all others fail at once, until a new connection has
 * answered a PING in time. A hung Redis costs the calls in flight one timeout each, and later ones nothing.
 *
 * @throws TypeError for a URL that node-redis cannot read; `readRedisConfig` refuses those.
 */
export function openRedis(
  config: { readonly redis: RedisConfig; readonly service: ServiceInfo },
  { logger }: OpenRedisOptions = {},
): Redis | undefined {
  const { url, timeoutMs } = config.redis;
  if (url === undefined) return undefined;
  return new Connection({ url, timeoutMs, name: config.service.name, logger });
}
