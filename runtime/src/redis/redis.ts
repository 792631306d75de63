import type { ServiceInfo } from "../config/service-info.ts";
import { type OutageLog, outageLog } from "../interceptors/outage-log.ts";
import type { Logger } from "../logger/logger.ts";
import { quietly } from "../quietly.ts";
import { answerWithin, RedisTimeoutError } from "./answer-within.ts";
import { createRedisClient, type RedisClient } from "./client.ts";
import type { RedisConfig } from "./config.ts";
import { RedisUnavailableError } from "./unavailable-error.ts";

/** Time limit for a connection, its handshake and its subscriptions. No command waits for it. */
const connectTimeoutMs = 2000;
/** Timeouts in a row after which Redis counts as away. */
const maxTimeouts = 3;
/** Time between two PINGs, which find out that Redis is away while there are no other commands. */
const pingMs = 2000;
/** Times between two attempts to connect. They are back at the shortest after a connection that lasted. */
const retryMs = { shortest: 100, longest: 2000, lasting: 10_000 };

/** Receives the messages of a channel. */
export interface RedisSubscription {
  readonly channel: string;
  message(text: string): void;
  /**
   * Runs on every new connection, after the subscription and before any command: messages may have been
   * missed. The connection is given up when it fails or takes longer than 2 s.
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
 * answered a PING in time. A hung Redis so costs each caller one timeout at most, and only at first.
 */
export function openRedis(
  config: { readonly redis: RedisConfig; readonly service: ServiceInfo },
  { logger }: OpenRedisOptions = {},
): Redis | undefined {
  const { url, timeoutMs } = config.redis;
  if (url === undefined) return undefined;
  return new Connection(url, timeoutMs, config.service.name, logger);
}

class Connection implements Redis {
  readonly name: string;
  readonly tried: Promise<void>;
  readonly #url: URL;
  readonly #timeoutMs: number;
  readonly #outage: OutageLog | undefined;
  readonly #subscriptions: RedisSubscription[] = [];
  readonly #pings: NodeJS.Timeout;
  /** Connects, or is connected. */
  #client: RedisClient | undefined;
  /** When it was connected. Undefined: commands fail. */
  #sinceMs: number | undefined;
  #failure: unknown;
  #timeouts = 0;
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(url: URL, timeoutMs: number, name: string, logger: Logger | undefined) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
    this.name = name;
    this.#outage = logger && outageLog(logger, "Redis", "commands fail at once");
    this.#pings = setInterval(() => this.#ping(), pingMs).unref();
    this.tried = this.#connect();
  }

  async run<T>(commands: (client: RedisClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (client === undefined || this.#sinceMs === undefined) {
      throw new RedisUnavailableError(this.#failure);
    }
    try {
      const answer = await answerWithin(this.#timeoutMs, commands(client));
      this.#answered(client);
      return answer;
    } catch (error) {
      if (error instanceof RedisTimeoutError) this.#timedOut(client, error);
      // Otherwise it is the answer, or an error of the caller.
      else if (client === this.#client) this.#answered(client);
      else throw new RedisUnavailableError(this.#failure);
      throw error instanceof RedisTimeoutError ? new RedisUnavailableError(error) : error;
    }
  }

  subscribe(subscription: RedisSubscription): void {
    this.#subscriptions.push(subscription);
    const client = this.#client;
    if (client === undefined || this.#sinceMs === undefined) return;
    answerWithin(connectTimeoutMs, this.#listen(client, subscription)).catch((error: unknown) =>
      this.#lost(client, error),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#pings);
    clearTimeout(this.#retry);
    this.#failure = new Error("the connection is closed");
    this.#drop();
  }

  async #connect(): Promise<void> {
    const settings = { url: this.#url, name: this.name, connectTimeoutMs };
    const client = createRedisClient(settings);
    this.#client = client;
    // Without a listener, the process would end.
    client.on("error", (error) => this.#lost(client, error));
    try {
      await answerWithin(connectTimeoutMs, this.#prepare(client));
    } catch (error) {
      this.#lost(client, error);
    }
  }

  async #prepare(client: RedisClient): Promise<void> {
    await client.connect();
    // Commands are let through when one has been answered as fast as they must be.
    await answerWithin(this.#timeoutMs, client.ping());
    // Those that are added meanwhile are in the list too.
    for (const subscription of this.#subscriptions) await this.#listen(client, subscription);
    if (client !== this.#client) return;
    this.#sinceMs = performance.now();
    this.#outage?.ends();
  }

  async #listen(client: RedisClient, subscription: RedisSubscription): Promise<void> {
    // An error in a listener would break the parser of node-redis.
    await client.subscribe(subscription.channel, (text) =>
      quietly(() => subscription.message(text)),
    );
    await subscription.connected?.(client);
  }

  #answered(client: RedisClient): void {
    if (client === this.#client) this.#timeouts = 0;
  }

  #timedOut(client: RedisClient, error: RedisTimeoutError): void {
    if (client !== this.#client) return;
    this.#timeouts += 1;
    if (this.#timeouts >= maxTimeouts) this.#lost(client, error);
  }

  /** Ends a connection that is broken or does not answer, and connects anew after a while. */
  #lost(client: RedisClient, cause: unknown): void {
    if (client !== this.#client) return;
    this.#failure = cause;
    const { shortest, longest, lasting } = retryMs;
    const hasLasted = this.#sinceMs !== undefined && performance.now() - this.#sinceMs > lasting;
    if (hasLasted) this.#attempts = 0;
    const delayMs = Math.min(shortest * 2 ** this.#attempts, longest);
    this.#attempts += 1;
    this.#drop();
    this.#outage?.begins(cause);
    // Replicas must not come back all at the same time.
    const jitter = 0.5 + Math.random() / 2;
    this.#retry = setTimeout(() => void this.#connect(), delayMs * jitter).unref();
  }

  /** Commands that wait for an answer of it fail. */
  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#sinceMs = undefined;
    this.#timeouts = 0;
    client?.destroy();
  }

  #ping(): void {
    if (this.#sinceMs !== undefined) quietly(() => this.run((client) => client.ping()));
  }
}
