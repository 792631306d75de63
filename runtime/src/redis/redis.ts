import type { RedisClient } from "./client.ts";

/** Receives the messages of a channel. */
export interface RedisSubscription {
  readonly channel: string;
  message(text: string): void;
  /**
   * Runs on every new connection, after the subscription and before any command or message of it: messages
   * may have been missed. Further messages do not wait for its promise. The connection is given up when it
   * fails or takes longer than 2 s.
   */
  connected?(client: RedisClient): Promise<void>;
}

/** A connection to Redis, made by `openRedis`. */
export interface Redis {
  /** Name of the service: prefix of the keys and channels that this library uses. */
  readonly name: string;
  /** Resolves when the first attempt to connect is over, whether it succeeded or not. */
  readonly tried: Promise<void>;
  /**
   * Runs commands.
   *
   * @param commands must be answered within `timeoutMs`, all together; not for commands that block
   * @throws RedisUnavailableError at once while Redis is away, or when there is no answer in time.
   *
   * @example
   * ```ts
   * const visits = await redis.run((client) => client.incr("visits"));
   * ```
   */
  run<T>(commands: (client: RedisClient) => Promise<T>): Promise<T>;
  /** Receives messages from now on, over every new connection, until `close`. */
  subscribe(subscription: RedisSubscription): void;
  /** Ends the connection. Commands fail then. */
  close(): Promise<void>;
}
