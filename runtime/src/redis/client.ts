import { createClient, type RedisClientType } from "@redis/client";

/** A client of node-redis, for all commands of Redis. */
export type RedisClient = RedisClientType<
  NoExtensions,
  NoExtensions,
  NoExtensions,
  3,
  NoExtensions
>;

type NoExtensions = Record<never, never>;

/** Where and as whom to connect. */
export interface RedisClientSettings {
  readonly url: URL;
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  /** Time limit for the connection, without the handshake. */
  readonly connectTimeoutMs: number;
}

/**
 * A client that connects once and keeps no commands: whoever uses it makes a new one when its connection
 * breaks. RESP 3 lets messages and answers share the connection, in the order in which Redis wrote them.
 */
export function createRedisClient(settings: RedisClientSettings): RedisClient {
  return createClient<NoExtensions, NoExtensions, NoExtensions, 3, NoExtensions>({
    url: settings.url.href,
    name: settings.name.replaceAll(/[^\w.-]/g, "-"),
    RESP: 3,
    disableOfflineQueue: true,
    socket: { connectTimeout: settings.connectTimeoutMs, reconnectStrategy: false },
  });
}
