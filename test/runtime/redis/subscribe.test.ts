import { describe, expect, test } from "vitest";
import type { Redis } from "../../../runtime/src/redis/index.ts";
import { answers, connect, ping, startServer } from "./support/connect.ts";

/** Subscribes and keeps what it hears. */
function listen(redis: Redis, channel = "news") {
  const heard: string[] = [];
  redis.subscribe({
    channel,
    message: (text) => void heard.push(text),
    connected: async () => void heard.push("connected"),
  });
  return heard;
}

const publish = (redis: Redis, text: string) => redis.run((client) => client.publish("news", text));

describe("a subscription", { tags: "redis-server" }, () => {
  test("hears other connections and its own, in order", async () => {
    const server = await startServer();
    const { redis } = await connect(server.url);
    const heard = listen(redis);
    await expect.poll(() => heard).toEqual(["connected"]);
    const other = await connect(server.url);
    await publish(other.redis, "a");
    await publish(redis, "b");
    await expect.poll(() => heard).toEqual(["connected", "a", "b"]);
  });

  test("is there again after a crash, before any command", async () => {
    const server = await startServer();
    const { redis } = await connect(server.url);
    const heard = listen(redis);
    await expect.poll(() => heard).toEqual(["connected"]);
    await server.kill();
    await server.restart();
    await answers(redis);
    expect(heard).toEqual(["connected", "connected"]);
    await publish(redis, "c");
    await expect.poll(() => heard).toEqual(["connected", "connected", "c"]);
  });

  test("made while Redis is away is there when it comes", async () => {
    const server = await startServer();
    await server.stop();
    const { redis } = await connect(server.url);
    const heard = listen(redis);
    await server.restart();
    await answers(redis);
    await publish(redis, "d");
    await expect.poll(() => heard).toEqual(["connected", "d"]);
  });

  test("whose listener throws disturbs nobody", async () => {
    const server = await startServer();
    const { redis, messages } = await connect(server.url);
    redis.subscribe({
      channel: "news",
      message: () => {
        throw new Error("listener");
      },
    });
    const heard = listen(redis);
    await expect.poll(() => heard).toEqual(["connected"]);
    await publish(redis, "e");
    expect(await ping(redis)).toBe("PONG");
    await expect.poll(() => heard).toEqual(["connected", "e"]);
    expect(messages()).toEqual([]);
  });

  test("whose `connected` fails is tried again with a new connection", async () => {
    const server = await startServer();
    const { redis } = await connect(server.url);
    let attempts = 0;
    redis.subscribe({
      channel: "news",
      message: () => {},
      connected: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error("not yet");
      },
    });
    await expect.poll(() => attempts).toBe(3);
    await answers(redis);
  });
});
