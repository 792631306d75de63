import { expect, test } from "vitest";
import { TokenCache } from "../../../../runtime/src/interceptors/auth/token-cache.ts";

const now = new Date("2030-01-01T00:00:00Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const ada = { subject: "ada", scopes: [] };

test("a token is cached for a minute, but not beyond its expiry", () => {
  const cache = new TokenCache();
  cache.add("long", ada, later(3_600_000).getTime(), now);
  cache.add("short", ada, later(10_000).getTime(), now);
  expect(cache.get("long", later(59_999))).toBe(ada);
  expect(cache.get("long", later(60_000))).toBeUndefined();
  expect(cache.get("short", later(9_999))).toBe(ada);
  expect(cache.get("short", later(10_000))).toBeUndefined();
  expect(cache.get("other", now)).toBeUndefined();
});

test("the size is bounded: the oldest token is removed first", () => {
  const cache = new TokenCache();
  for (let i = 0; i < 1001; i += 1) cache.add(`token ${i}`, ada, later(60_000).getTime(), now);
  expect(cache.get("token 0", now)).toBeUndefined();
  expect(cache.get("token 1", now)).toBe(ada);
  expect(cache.get("token 1000", now)).toBe(ada);
});
