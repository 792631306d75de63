import { type OutageLog, outageLog } from "../interceptors/outage-log.ts";
import type { Logger } from "../logger/logger.ts";
import { quietly } from "../quietly.ts";
import { answerWithin, RedisTimeoutError } from "./answer-within.ts";
import { createRedisClient, type RedisClient } from "./client.ts";
import type { Redis, RedisSubscription } from "./redis.ts";
import { RetryDelay } from "./retry-delay.ts";
import { RedisUnavailableError } from "./unavailable-error.ts";

/** Time limit for a connection, its handshake and its subscriptions. No command waits for it. */
const connectTimeoutMs = 2000;
/** Timeouts in a row after which Redis counts as away. */
const maxTimeouts = 3;
/** Time between two PINGs, which find out that Redis is away while there are no other commands. */
const pingMs = 2000;

/** Options of `Connection`. */
export interface ConnectionOptions {
  readonly url: URL;
  /** Longest wait for an answer. */
  readonly timeoutMs: number;
  readonly name: string;
  readonly logger: Logger | undefined;
}

/** A connection that is made anew, with a client of its own, whenever it breaks or does not answer. */
export class Connection implements Redis {
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
  readonly #delay = new RetryDelay();
  #retry: NodeJS.Timeout | undefined;

  constructor({ url, timeoutMs, name, logger }: ConnectionOptions) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
    this.name = name;
    this.#outage = logger && outageLog(logger, "Redis", "commands fail at once");
    this.tried = this.#connect();
    this.#pings = setInterval(() => this.#ping(), pingMs).unref();
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

  /** Never rejects. @throws TypeError for a URL that node-redis cannot read. */
  #connect(): Promise<void> {
    const client = createRedisClient({ url: this.#url, name: this.name, connectTimeoutMs });
    this.#client = client;
    // Without a listener, the process would end.
    client.on("error", (error) => this.#lost(client, error));
    return answerWithin(connectTimeoutMs, this.#prepare(client)).catch((error: unknown) =>
      this.#lost(client, error),
    );
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
    // What arrives before `connected` has begun.
    let early: string[] | undefined = [];
    // An error in a listener would break the parser of node-redis.
    const receive = (text: string): void => quietly(() => subscription.message(text));
    await client.subscribe(subscription.channel, (text) => {
      if (early === undefined) receive(text);
      else early.push(text);
    });
    const connected = subscription.connected?.(client);
    for (const text of early) receive(text);
    early = undefined;
    await connected;
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
    const lastedMs = this.#sinceMs === undefined ? 0 : performance.now() - this.#sinceMs;
    this.#drop();
    this.#outage?.begins(cause);
    const again = (): void => void this.#connect();
    this.#retry = setTimeout(again, this.#delay.next(lastedMs)).unref();
  }

  /** Commands that wait for an answer of it fail. */
  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#sinceMs = undefined;
    this.#timeouts = 0;
    // The first versions of node-redis 6 throw if it is closed already.
    quietly(() => client?.destroy());
  }

  #ping(): void {
    if (this.#sinceMs !== undefined) quietly(() => this.run((client) => client.ping()));
  }
}
