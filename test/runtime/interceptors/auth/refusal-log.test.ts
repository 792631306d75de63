import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, expect, test } from "vitest";
import { auth, jwtAuthenticator } from "../../../../runtime/src/interceptors/auth/index.ts";
import { logging, recovery } from "../../../../runtime/src/interceptors/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../../support/four-patterns.ts";
import { recordingLogger } from "../../support/recording-logger.ts";
import { serve } from "../../support/serve.ts";

const parties = { issuer: "issuer", audience: "shop", clockToleranceS: 5 };
const secret = "a secret of this test that is long enough";
const shared = { ...parties, keys: { kind: "secret", secret } } as const;
const now = new Date("2030-01-01T00:00:00Z");
const seconds = now.getTime() / 1000;

const claims = { sub: "ada", iss: "issuer", aud: "shop", exp: seconds + 60 };
const signed = (changed: Record<string, unknown> = {}, key = secret) =>
  new SignJWT({ ...claims, ...changed })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(key));

/** Serves with an authenticator at info level, and keeps the lines of the log. */
async function start(config: Parameters<typeof jwtAuthenticator>[0]) {
  const { logger, lines } = recordingLogger();
  logger.level = "info";
  const authenticate = jwtAuthenticator(config, { clock: () => now, logger });
  const interceptors = [recovery({ logger }), logging({ logger }), auth({ authenticate })];
  const { channel } = await serve([implementPatterns(() => {})], interceptors);
  return { channel, lines };
}

const [header, payload = ""] = (await signed()).split(".");
const none = btoa('{"alg":"none"}').replaceAll("=", "");
const refusals: [reason: string, token: string][] = [
  ["wrong signature", await signed({}, "another secret that is long enough, too")],
  ["wrong signature", `${header}.${payload}.`],
  ["another issuer", await signed({ iss: "mallory-issuer" })],
  ["another audience", await signed({ aud: "mallory-audience" })],
  ["expired", await signed({ exp: seconds - 60 })],
  ["not valid yet", await signed({ nbf: seconds + 60 })],
  ["algorithm not accepted", `${none}.${payload}.`],
  ["claim sub is missing", await signed({ sub: undefined })],
  ["claim exp is missing", await signed({ exp: undefined })],
  ["claim exp is malformed", await signed({ exp: "mallory-expiry" })],
  ["claim sub is empty", await signed({ sub: "" })],
  ["not a JSON Web Token", "mallory-nonsense"],
];

test.each(refusals)("%s: only the log has the reason", async (reason, token) => {
  const { channel, lines } = await start(shared);
  const text = reason === "expired" ? "the token has expired" : "the token is not valid";
  for (const [, call] of patternCalls) {
    await expect(
      call(channel, { metadata: { authorization: `Bearer ${token}` } }),
    ).rejects.toMatchObject({ code: "UNAUTHENTICATED", rawMessage: text, details: [] });
  }
  expect(lines).toHaveLength(patternCalls.length);
  for (const line of lines) {
    expect(line).toMatchObject({ msg: "call ended", code: "UNAUTHENTICATED", reason });
  }
  for (const part of ["mallory", "ada", payload, ...token.split(".")].filter(Boolean)) {
    expect(JSON.stringify(lines)).not.toContain(part);
  }
});

test.each([
  ["no token", {}],
  ["malformed authorization", { authorization: "Basic bWFsbG9yeQ==" }],
])("%s: the log has the reason", async (reason, metadata) => {
  const { channel, lines } = await start(shared);
  await expect(unaryCall(channel, { metadata })).rejects.toMatchObject({
    rawMessage: "authorization must be: Bearer <token>",
  });
  expect(lines).toMatchObject([{ code: "UNAUTHENTICATED", reason }]);
  expect(JSON.stringify(lines)).not.toContain("bWFsbG9yeQ");
});

const { publicKey, privateKey } = await generateKeyPair("ES256");
const stranger = await generateKeyPair("ES256");
const provider = createServer(async (_, response) => {
  const key = { ...(await exportJWK(publicKey)), alg: "ES256", use: "sig" };
  response.end(
    JSON.stringify({
      keys: [
        { ...key, kid: "k1" },
        { ...key, kid: "k2" },
      ],
    }),
  );
});
await once(provider.listen(0, "127.0.0.1"), "listening");
afterAll(() => provider.close());

const byKey = (kid: string | undefined, key = privateKey) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", ...(kid !== undefined && { kid }) })
    .sign(key);

test.each([
  ["unknown key", await byKey("mallory-key")],
  ["wrong signature", await byKey(undefined, stranger.privateKey)],
  ["wrong signature", await byKey("k1", stranger.privateKey)],
  ["algorithm not accepted", await signed()],
])("with a key set, %s: only the log has the reason", async (reason, token) => {
  const { port } = provider.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/jwks`);
  const { channel, lines } = await start({ ...parties, keys: { kind: "jwks", url } });
  const metadata = { authorization: `Bearer ${token}` };
  await expect(unaryCall(channel, { metadata })).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    rawMessage: "the token is not valid",
  });
  expect(lines).toMatchObject([{ code: "UNAUTHENTICATED", reason }]);
  expect(JSON.stringify(lines)).not.toContain("mallory");
});

test("a call that is not refused has no reason in the log", async () => {
  const { channel, lines } = await start(shared);
  await unaryCall(channel, { metadata: { authorization: `Bearer ${await signed()}` } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toHaveProperty("reason");
});
