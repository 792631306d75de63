import { createServer } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { RedisUnavailableError } from "../../../runtime/src/redis/index.ts";
import type { Redis as RedisServer } from "../../ops/services/redis.ts";
import { cleanUp } from "../support/echo.ts";
import {
  answers,
  away,
  back,
  connect,
  failureOf,
  ping,
  startServer,
  unusedUrl,
} from "./support/connect.ts";
import { slowWayTo } from "./support/slow-way.ts";

const timeoutMs = 400;
/** Far below a timeout; a busy machine may be slow. */
const atOnceMs = 200;

interface Outage {
  readonly name: string;
  begin(server: RedisServer): unknown;
  end(server: RedisServer): unknown;
}

const outages: readonly Outage[] = [
  { name: "hangs", begin: (server) => server.pause(), end: (server) => server.resume() },
  { name: "is killed", begin: (server) => server.kill(), end: (server) => server.restart() },
  {
    name: "does not answer for a while",
    begin: (server) => server.cli("client", "pause", "1500", "all"),
    end: () => {},
  },
];

describe.each(outages)("when Redis $name", { tags: "redis-server" }, ({ begin, end }) => {
  test("calls in flight wait for one timeout, later ones fail at once", async () => {
    const server = await startServer();
    const { redis } = await connect(server.url, timeoutMs);
    await begin(server);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const burst = await Promise.all(Array.from({ length: 300 }, () => failureOf(ping(redis))));
    delay.disable();
    const later = await failureOf(ping(redis));

    for (const { error, ms } of burst) {
      expect(error).toBeInstanceOf(RedisUnavailableError);
      expect(ms).toBeLessThan(timeoutMs * 2);
    }
    expect(later.error).toBeInstanceOf(RedisUnavailableError);
    expect(later.ms).toBeLessThan(atOnceMs);
    expect(delay.max / 1e6).toBeLessThan(timeoutMs * 2);
  });

  test("it recovers by itself, with one line for the outage and one for its end", async () => {
    const server = await startServer();
    const { redis, messages } = await connect(server.url, timeoutMs);
    await begin(server);
    // Until it counts as away; failures before have to wait for their timeout.
    await expect.poll(async () => (await failureOf(ping(redis))).ms < 20).toBe(true);
    for (let i = 0; i < 50; i++) expect((await failureOf(ping(redis))).error).toBeDefined();
    await end(server);
    await answers(redis);
    expect(messages()).toEqual([away, back]);
  });
});

test("callers one after the other lose three timeouts to a hung Redis", {
  tags: "redis-server",
}, async () => {
  const server = await startServer();
  const { redis } = await connect(server.url, timeoutMs);
  server.pause();
  const waits: number[] = [];
  for (let i = 0; i < 20; i++) waits.push((await failureOf(ping(redis))).ms);
  const slow = waits.filter((ms) => ms > timeoutMs - 5);
  // PINGs of the connection itself may be among the three.
  expect(slow.length).toBeGreaterThan(0);
  expect(slow.length).toBeLessThanOrEqual(3);
});

test("an idle connection finds out by itself", { tags: "redis-server" }, async () => {
  const server = await startServer();
  const { messages } = await connect(server.url, timeoutMs);
  server.pause();
  await expect.poll(messages, { timeout: 20_000 }).toEqual([away]);
  server.resume();
  await expect.poll(messages, { timeout: 20_000 }).toEqual([away, back]);
});

test("single timeouts are no outage", { tags: "redis-server" }, async () => {
  const server = await startServer("--enable-debug-command", "yes");
  const { redis, messages } = await connect(server.url, timeoutMs);
  for (let i = 0; i < 4; i++) {
    const slow = redis.run((client) => client.sendCommand(["DEBUG", "SLEEP", "0.7"]));
    expect((await failureOf(slow)).error).toBeInstanceOf(RedisUnavailableError);
    await answers(redis);
  }
  expect(messages()).toEqual([]);
});

test("answers that are slow but in time are answers", { tags: "redis-server" }, async () => {
  const way = await slowWayTo((await startServer()).url, timeoutMs / 4);
  const { redis, messages } = await connect(way.url, timeoutMs);
  for (let i = 0; i < 5; i++) expect(await ping(redis)).toBe("PONG");
  expect(messages()).toEqual([]);
});

test("a Redis whose answers are always late is away, not there from time to time", {
  tags: "redis-server",
}, async () => {
  const way = await slowWayTo((await startServer()).url, timeoutMs * 2);
  const { redis, messages } = await connect(way.url, timeoutMs);
  const end = performance.now() + 3000; // several attempts to connect
  while (performance.now() < end) {
    expect((await failureOf(ping(redis))).error).toBeInstanceOf(RedisUnavailableError);
    await setTimeout(10);
  }
  expect(messages()).toEqual([away]);
  way.delayMs = 0;
  await answers(redis);
  expect(messages()).toEqual([away, back]);
});

test("an error that Redis answers with reaches the caller, and is no outage", {
  tags: "redis-server",
}, async () => {
  const server = await startServer();
  const { redis, messages } = await connect(server.url);
  await redis.run((client) => client.set("text", "a"));
  for (let i = 0; i < 5; i++) {
    await expect(redis.run((client) => client.incr("text"))).rejects.toThrow("not an integer");
  }
  const own = new Error("of the caller");
  await expect(redis.run(() => Promise.reject(own))).rejects.toBe(own);
  expect(await ping(redis)).toBe("PONG");
  expect(messages()).toEqual([]);
});

test("a Redis that is away at start fails at once, and is used when it comes", {
  tags: "redis-server",
}, async () => {
  const server = await startServer();
  await server.stop();
  const { redis, messages } = await connect(server.url);
  const { error, ms } = await failureOf(ping(redis));
  expect(error).toBeInstanceOf(RedisUnavailableError);
  expect(String(error)).toMatch(/ECONNREFUSED/);
  expect(ms).toBeLessThan(atOnceMs);
  await server.restart();
  await answers(redis);
  expect(messages()).toEqual([away, back]);
});

test("a Redis that hangs at start is used when it answers", { tags: "redis-server" }, async () => {
  const server = await startServer();
  server.pause();
  const { redis, messages } = await connect(server.url);
  expect((await failureOf(ping(redis))).ms).toBeLessThan(atOnceMs);
  server.resume();
  await answers(redis);
  expect(messages()).toEqual([away, back]);
});

test("a wrong password is in the log, the right one is not", {
  tags: "redis-server",
}, async () => {
  const server = await startServer("--requirepass", "s3cret");
  const wrong = server.url.replace("redis://", "redis://:guess1@");
  const { redis } = await connect(wrong);
  const { error } = await failureOf(ping(redis));
  expect(String(error)).toMatch(/WRONGPASS/);
  expect(String(error)).not.toContain("guess1");
  const right = await connect(server.url.replace("redis://", "redis://:s3cret@"));
  expect(await ping(right.redis)).toBe("PONG");
});

test("after close, commands fail and nothing connects any more", {
  tags: "redis-server",
}, async () => {
  const server = await startServer();
  const { redis, messages } = await connect(server.url);
  await redis.close();
  expect(String((await failureOf(ping(redis))).error)).toMatch(/is closed/);
  await expect.poll(() => server.cli("info", "clients")).toMatch(/connected_clients:1\b/); // redis-cli
  expect(messages()).toEqual([]);
});

test("close ends the attempts to connect", async () => {
  const url = await unusedUrl();
  const closed = await connect(url, timeoutMs, "closed");
  await closed.redis.close();
  await connect(url, timeoutMs, "open");
  // Takes connections, notes who connects, and ends them.
  const names: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (chunk) => {
      names.push(/closed|open/.exec(chunk.toString())?.[0] ?? "unknown");
      socket.destroy();
    });
  }).listen(Number(new URL(url).port), "127.0.0.1");
  cleanUp(() => void server.close());
  await expect.poll(() => names.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
  expect(new Set(names)).toEqual(new Set(["open"]));
  expect(closed.messages()).toEqual([away]);
  expect(String((await failureOf(ping(closed.redis))).error)).toMatch(/is closed/);
});
