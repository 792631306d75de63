import { expect } from "vitest";
import { openRedis, type Redis } from "../../../../runtime/src/redis/index.ts";
import { type Redis as RedisServer, startRedis } from "../../../ops/services/redis.ts";
import { cleanUp } from "../../support/echo.ts";
import { freePort } from "../../support/free-port.ts";
import { recordingLogger } from "../../support/recording-logger.ts";

/** A connection to Redis and what it has logged. */
export interface Connected {
  readonly redis: Redis;
  /** Texts of the log, in order. */
  messages(): unknown[];
}

/** A Redis server for one test. */
export async function startServer(...options: string[]): Promise<RedisServer> {
  const server = await startRedis(...options);
  cleanUp(server.stop);
  return server;
}

/** Opens a connection and waits for the first attempt. It is closed after the test. */
export async function connect(url: string, timeoutMs = 200, name = "shop"): Promise<Connected> {
  const connected = open(url, timeoutMs, name);
  await connected.redis.tried;
  return connected;
}

/** Opens a connection, which is not there yet. It is closed after the test. */
export function open(url: string, timeoutMs = 200, name = "shop"): Connected {
  const { logger, lines } = recordingLogger();
  const config = { redis: { url: new URL(url), timeoutMs }, service: { name, version: "1" } };
  const redis = openRedis(config, { logger });
  if (redis === undefined) throw new Error("there is a URL");
  cleanUp(() => redis.close());
  return { redis, messages: () => lines.map(({ msg }) => msg) };
}

/** A URL on which nothing listens. */
export async function unusedUrl(): Promise<string> {
  return `redis://127.0.0.1:${await freePort()}`;
}

export const ping = (redis: Redis): Promise<unknown> => redis.run((client) => client.ping());

/** Waits until commands are answered. */
export async function answers(redis: Redis): Promise<void> {
  const answer = () => ping(redis).catch(() => undefined);
  await expect.poll(answer, { timeout: 20_000 }).toBe("PONG");
}

/** What commands failed with, and how long each took in milliseconds. */
export async function failureOf(work: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const began = performance.now();
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { error, ms: performance.now() - began };
}

export const away = "Redis cannot be reached: commands fail at once";
export const back = "Redis can be reached again";
