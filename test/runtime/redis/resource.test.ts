import { describe, expect, test } from "vitest";
import type { Resource } from "../../../runtime/src/app/index.ts";
import { type Redis, redisResource } from "../../../runtime/src/redis/index.ts";
import { connect, open, startServer, unusedUrl } from "./support/connect.ts";

const signal = new AbortController().signal;

async function resourceOf(url: string) {
  return checked((await connect(url)).redis);
}

/** The resource of a Redis, with its check. */
function checked(redis: Redis): Required<Pick<Resource, "check">> {
  const check = redisResource(redis, { onFailure: "open" })?.check;
  if (check === undefined) throw new Error("there is a Redis");
  return { check };
}

test("without Redis there is no resource", () => {
  expect(redisResource(undefined, { onFailure: "closed" })).toBeUndefined();
});

test("it is optional if calls are allowed without it", async () => {
  const { redis } = await connect(await unusedUrl());
  expect(redisResource(redis, { onFailure: "open" })?.optional).toBe(true);
  expect(redisResource(redis, { onFailure: "closed" })?.optional).toBe(false);
});

test("the check names what is wrong with the connection", async () => {
  const { check } = await resourceOf(await unusedUrl());
  await expect(check(signal)).rejects.toThrow(/ECONNREFUSED/);
});

describe("the check", { tags: "redis-server" }, () => {
  test("passes on a Redis that works, and leaves one key that ends", async () => {
    const server = await startServer();
    const { check } = await resourceOf(server.url);
    await check(signal);
    expect(await server.cli("keys", "*")).toBe("shop:health");
    const ttlMs = Number(await server.cli("pttl", "shop:health"));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(60_000);
  });

  test("at start waits for the connection", async () => {
    const server = await startServer();
    await checked(open(server.url).redis).check(signal);
    server.pause();
    await expect(checked(open(server.url).redis).check(signal)).rejects.toThrow("no answer within");
  });

  test("fails on a Redis that hangs, and passes when it answers again", async () => {
    const server = await startServer();
    const { check } = await resourceOf(server.url);
    server.pause();
    await expect(check(signal)).rejects.toThrow("no answer within 200 ms");
    server.resume();
    await expect
      .poll(() =>
        check(signal).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });

  test("fails on a Redis that answers too late", async () => {
    const server = await startServer();
    const { check } = await resourceOf(server.url);
    await server.cli("client", "pause", "600", "all");
    await expect(check(signal)).rejects.toThrow("no answer within 200 ms");
  });

  test("fails while writes are refused: out of memory", async () => {
    const server = await startServer("--maxmemory-policy", "noeviction");
    const { check } = await resourceOf(server.url);
    await server.cli("config", "set", "maxmemory", "1");
    await expect(check(signal)).rejects.toThrow(/OOM/);
    await server.cli("config", "set", "maxmemory", "0");
    await check(signal);
  });

  test("fails while writes are refused: a replica", async () => {
    const server = await startServer();
    const { check } = await resourceOf(server.url);
    await server.cli("replicaof", "127.0.0.1", "1");
    await expect(check(signal)).rejects.toThrow(/READONLY/);
    await server.cli("replicaof", "no", "one");
    await check(signal);
  });
});
