import { expect, test } from "vitest";
import { defineConfig } from "../../../runtime/src/config/index.ts";
import { openRedis, readRedisConfig } from "../../../runtime/src/redis/index.ts";

const load = defineConfig(readRedisConfig);

test("the URL and the timeout are read", () => {
  const { url, timeoutMs } = load({
    REDIS_URL: "rediss://:s3cret@cache:6379",
    REDIS_TIMEOUT_MS: "50",
  });
  expect(url?.host).toBe("cache:6379");
  expect(timeoutMs).toBe(50);
});

test("without a URL there is no Redis", () => {
  const redis = load({});
  expect(redis).toEqual({ url: undefined, timeoutMs: 500 });
  expect(openRedis({ redis, service: { name: "shop", version: "1" } })).toBeUndefined();
});

test.each([
  [{ ENV: "production" }, "REDIS_URL must be set when ENV=production"],
  [{ NODE_ENV: "production" }, "REDIS_URL must be set when ENV=production"],
  [{ REDIS_URL: "http://cache" }, "REDIS_URL must be a URL that starts with redis:// or rediss://"],
  [
    { REDIS_URL: "redis://cache/users" },
    "REDIS_URL must end with the host or the number of a database, such as /0",
  ],
  [{ REDIS_TIMEOUT_MS: "0" }, 'REDIS_TIMEOUT_MS must be a whole number from 1 to 60000, not "0"'],
])("%j is refused", (variables, problem) => {
  expect(() => load(variables)).toThrow(problem);
});

test.each(["redis://cache", "redis://cache/", "redis://cache:6380/12"])("%s is accepted", (url) => {
  expect(load({ REDIS_URL: url }).url?.href).toBe(url);
});

test("a URL that cannot be read fails at start, not later", () => {
  const redis = { url: new URL("redis://cache/users"), timeoutMs: 500 };
  expect(() => openRedis({ redis, service: { name: "shop", version: "1" } })).toThrow(TypeError);
});
