import { createClient } from "@redis/client";
import { serviceName } from "../version.ts";

/** Longest wait for a connection, and for the answer to a command. */
const timeoutMs = 2000;

export type Redis = ReturnType<typeof openRedis>;

/**
 * A connection to Redis, opened in the background and again whenever it breaks. While there is none,
 * commands fail at once instead of waiting: a cache that is away must not hold up calls.
 */
export function openRedis(url: URL) {
  const redis = createClient({
    url: url.href,
    name: serviceName.replaceAll(/[^\w.-]/g, "-"),
    disableOfflineQueue: true,
    commandOptions: { timeout: timeoutMs },
    socket: {
      connectTimeout: timeoutMs,
      reconnectStrategy: (attempts) => Math.min(100 * 2 ** Math.min(attempts, 10), 5000),
    },
  });
  // Health logs when it goes and when it comes back; without a listener, the process would end.
  redis.on("error", () => undefined);
  // It tries again by itself, until it is closed.
  redis.connect().catch(() => undefined);
  return redis;
}
