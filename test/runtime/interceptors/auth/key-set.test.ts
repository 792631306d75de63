import { jwtVerify, SignJWT } from "jose";
import { expect, test } from "vitest";
import { KeySet } from "../../../../runtime/src/interceptors/auth/key-set.ts";
import { keyOf, startProvider, times } from "./key-provider.ts";

/** Verifies a token that a key has signed. */
async function verify(keySet: KeySet, kid: string): Promise<unknown> {
  const { pair } = await keyOf(kid);
  const token = await new SignJWT({ sub: "ada" })
    .setProtectedHeader({ alg: "ES256", kid })
    .sign(pair.privateKey);
  return (await jwtVerify(token, keySet.key)).payload;
}

test("the keys are fetched once for many tokens", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, times);
  await Promise.all(Array.from({ length: 20 }, () => verify(keySet, "k1")));
  await verify(keySet, "k1");
  expect(provider.requests).toBe(1);
});

test("a new key is fetched when a token names it, but not again and again", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, { ...times, cooldownMs: 0 });
  await verify(keySet, "k1");
  provider.kids.push("k2");
  await verify(keySet, "k2");
  expect(provider.requests).toBe(2);

  const patient = new KeySet(url, times);
  provider.kids.pop();
  await verify(patient, "k1");
  for (let token = 0; token < 5; token += 1) {
    await expect(verify(patient, "k2")).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  }
  expect(provider.requests).toBe(3);
});

test("a flood of tokens with unknown keys makes one request at a time", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, { ...times, cooldownMs: 0 });
  await verify(keySet, "k1");
  provider.delayMs = 20;
  await Promise.allSettled(Array.from({ length: 50 }, () => verify(keySet, "k2")));
  expect(provider.mostOpen).toBe(1);
});

test("the keys are fetched anew in the background, and a withdrawn one is forgotten", async () => {
  const { provider, url } = await startProvider("k1", "k2");
  const keySet = new KeySet(url, { ...times, refreshMs: 30 });
  await verify(keySet, "k2");
  provider.kids.pop();
  // Each look is a use: keys that nobody asks for are not fetched.
  await expect
    .poll(() => verify(keySet, "k2").catch((error: { code: string }) => error.code))
    .toBe("ERR_JWKS_NO_MATCHING_KEY");
  await verify(keySet, "k1");
});

test("a provider that is slow or away does not affect tokens with known keys", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, { ...times, refreshMs: 1_000 });
  await verify(keySet, "k1");
  provider.delayMs = 10_000;
  await expect
    .poll(
      async () => {
        await verify(keySet, "k1");
        return provider.requests;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(1);
  const start = performance.now();
  await verify(keySet, "k1");
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("keys that cannot be fetched anew are used for a bounded time", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, { ...times, maxStaleMs: 200 });
  await verify(keySet, "k1");
  provider.isAway = true;
  await verify(keySet, "k1");
  await new Promise((resolve) => setTimeout(resolve, 250));
  await expect(verify(keySet, "k1")).rejects.toThrow("answered 503");
  provider.isAway = false;
  await verify(keySet, "k1");
});

test("keys that nobody asks for are not fetched for ever", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, { ...times, refreshMs: 20 });
  await verify(keySet, "k1");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(provider.requests).toBeLessThan(4);
  await verify(keySet, "k1");
});

test("a key set of more than a megabyte is not read", async () => {
  const { provider, url } = await startProvider("k1");
  provider.padding = 900 * 1024;
  await verify(new KeySet(url, times), "k1");
  provider.padding = 1024 * 1024;
  await expect(verify(new KeySet(url, times), "k1")).rejects.toThrow("more than 1048576 bytes");
});

test.each([
  ["a provider that never answers", { delayMs: 10_000 }],
  ["one that is away", { isAway: true }],
])("%s is an outage", async (_name, state) => {
  const { provider, url } = await startProvider("k1");
  Object.assign(provider, state);
  await expect(
    verify(new KeySet(url, { ...times, timeoutMs: 100 }), "k1"),
  ).rejects.not.toHaveProperty("code", "ERR_JWKS_NO_MATCHING_KEY");
});
