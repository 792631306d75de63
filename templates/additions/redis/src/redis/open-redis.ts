import { createClient } from "@redis/client";
import type { ServiceInfo } from "grpc-service/config";
import type { RedisConfig } from "./config.ts";

/** Longest wait for a connection, and for the response to a command. */
const timeoutMs = 2000;

export type Redis = ReturnType<typeof connect>;

/**
 * A connection to Redis, opened in the background and again whenever it breaks. Without a connection,
 * commands fail at once instead of waiting, so that calls are not delayed. Undefined without REDIS_URL.
 */
export function openRedis(config: { redis: RedisConfig; service: ServiceInfo }): Redis | undefined {
  const { url } = config.redis;
  return url && connect(url, config.service.name);
}

function connect(url: URL, name: string) {
  const redis = createClient({
    url: url.href,
    name: name.replaceAll(/[^\w.-]/g, "-"),
    disableOfflineQueue: true,
    commandOptions: { timeout: timeoutMs },
    socket: {
      connectTimeout: timeoutMs,
      reconnectStrategy: (attempts) => Math.min(100 * 2 ** Math.min(attempts, 10), 5000),
    },
  });
  // Health logs outages. Without a listener the process would end.
  redis.on("error", () => undefined);
  // It retries by itself until it is closed.
  redis.connect().catch(() => undefined);
  return redis;
}
