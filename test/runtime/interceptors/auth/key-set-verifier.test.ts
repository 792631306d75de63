import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { KeySet } from "../../../../runtime/src/interceptors/auth/key-set.ts";
import { verifyWithKeySet } from "../../../../runtime/src/interceptors/auth/key-set-verifier.ts";
import { keyOf, startProvider, times } from "./key-provider.ts";

/** A token without a key id. */
async function signedBy(kid: string): Promise<string> {
  const { pair } = await keyOf(kid);
  const token = new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "ES256" });
  return await token.sign(pair.privateKey);
}

async function verify(keySet: KeySet, token: string): Promise<unknown> {
  return (await verifyWithKeySet(token, keySet, {})).sub;
}

const wrongSignature = { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" };

test.each([
  ["one key", ["k1"]],
  ["several keys", ["k1", "k2"]],
])("a new key beside %s is fetched for a token without a key id", async (_, kids) => {
  const { provider, url } = await startProvider(...kids);
  const keySet = new KeySet(url, { ...times, cooldownMs: 0 });
  const token = await signedBy("k3");
  expect(await verify(keySet, await signedBy("k1"))).toBe("ada");
  expect(provider.requests).toBe(1);
  provider.kids.push("k3");
  expect(await verify(keySet, token)).toBe("ada");
  expect(provider.requests).toBe(2);
});

test("a flood of tokens without a key id makes no more requests than the cooldown allows", async () => {
  const { provider, url } = await startProvider("k1", "k2");
  const keySet = new KeySet(url, { ...times, cooldownMs: 2_000 });
  const [known, garbage] = await Promise.all([signedBy("k1"), signedBy("k3")]);
  await verify(keySet, known);
  const start = performance.now();
  do {
    const flood = Array.from({ length: 50 }, () => verify(keySet, garbage));
    for (const attempt of await Promise.allSettled(flood)) {
      expect(attempt).toMatchObject({ reason: wrongSignature });
    }
  } while (provider.requests < 3);
  // The first one starts the time, each other one ends it.
  expect(performance.now() - start).toBeGreaterThan(3_500);
});

test("known tokens without a key id do not wait for the keys that garbage asks for", async () => {
  const { provider, url } = await startProvider("k1", "k2");
  const keySet = new KeySet(url, { ...times, cooldownMs: 0 });
  const [known, garbage] = await Promise.all([signedBy("k1"), signedBy("k3")]);
  await verify(keySet, known);
  provider.delayMs = 3_000;
  const ended: string[] = [];
  const end = (name: string) => () => ended.push(name);
  const flood = Array.from({ length: 50 }, () => verify(keySet, garbage).catch(end("garbage")));
  await expect.poll(() => provider.open).toBe(1);
  for (let call = 0; call < 100; call += 1) await verify(keySet, known).then(end("known"));
  await Promise.all(flood);
  expect(ended).toEqual([
    ...Array<string>(100).fill("known"),
    ...Array<string>(50).fill("garbage"),
  ]);
  expect(provider.requests).toBe(2);
});

test("a known key id with a wrong signature asks for no keys", async () => {
  const { provider, url } = await startProvider("k1");
  const keySet = new KeySet(url, { ...times, cooldownMs: 0 });
  await verify(keySet, await signedBy("k1"));
  const { pair } = await keyOf("k2");
  const token = new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "ES256", kid: "k1" });
  const forged = await token.sign(pair.privateKey);
  await expect(verify(keySet, forged)).rejects.toMatchObject(wrongSignature);
  expect(provider.requests).toBe(1);
});
