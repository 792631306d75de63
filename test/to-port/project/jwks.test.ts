import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auth, callerOf } from "../src/interceptors/auth.ts";
import { jwtAuthenticator } from "../src/interceptors/jwt.ts";
import { recovery } from "../src/interceptors/recovery.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import { recordingLogger, startTestServer } from "./support.ts";

const { publicKey, privateKey } = await generateKeyPair("ES256");
const claims = { sub: "ada", iss: "issuer", aud: "shop" };
let provider: Server;
let url: URL;
let inOrder = true;

beforeAll(async () => {
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" }];
  provider = createServer((request, response) => {
    response
      .writeHead(inOrder && request.url === "/jwks" ? 200 : 503)
      .end(JSON.stringify({ keys }));
  });
  await once(provider.listen(0, "127.0.0.1"), "listening");
  const { port } = provider.address() as AddressInfo;
  url = new URL(`http://127.0.0.1:${port}/jwks`);
});

afterAll(() => provider.close());

function authenticator(keySet: URL, { logger } = recordingLogger()) {
  const config = {
    keys: { kind: "jwks", url: keySet },
    issuer: "issuer",
    audience: "shop",
    clockToleranceS: 5,
  } as const;
  return jwtAuthenticator(config, { clock: () => new Date(), logger });
}

function signed(kid: string): SignJWT {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid })
    .setExpirationTime("1 minute");
}

test("a token that a key of the set has signed is accepted", async () => {
  const token = await signed("k1").sign(privateKey);
  expect(await authenticator(url)(token)).toEqual({ subject: "ada", scopes: [] });
});

test("a token by an unknown key is refused", async () => {
  const stranger = await generateKeyPair("ES256");
  for (const kid of ["k1", "k2"]) {
    const token = await signed(kid).sign(stranger.privateKey);
    await expect(authenticator(url)(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  }
});

test("the public key does not pass for a shared secret", async () => {
  const key = new TextEncoder().encode(await exportSPKI(publicKey));
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", kid: "k1" })
    .setExpirationTime("1 minute")
    .sign(key);
  await expect(authenticator(url)(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("keys that cannot be fetched are not the caller's fault", async () => {
  const token = await signed("k1").sign(privateKey);
  for (const broken of [new URL("/gone", url), new URL("http://127.0.0.1:1/jwks")]) {
    await expect(authenticator(broken)(token)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
});

test("an outage keeps nobody from public methods", async () => {
  const authenticate = authenticator(new URL("http://127.0.0.1:1/jwks"));
  const callers: unknown[] = [];
  const server = await startTestServer(
    [implementPatterns((context) => callers.push(callerOf(context)))],
    [auth({ authenticate, methods: patternMethods, publicMethods: ["test.Patterns/Unary"] })],
  );
  const metadata = { authorization: `Bearer ${await signed("k1").sign(privateKey)}` };
  const outcomes = patternCalls.map(([, call]) =>
    call(server.channel, { metadata }).then(
      () => "OK",
      ({ code }) => code,
    ),
  );
  expect(await Promise.all(outcomes)).toEqual(["OK", "UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
  expect(callers).toEqual([undefined]);
  await server.close();
});

test("an outage leaves one line when it begins, and one when it is over", async () => {
  const log = recordingLogger();
  const authenticate = authenticator(url, log);
  const token = await signed("k1").sign(privateKey);
  inOrder = false;
  for (let call = 0; call < 5; call += 1) {
    await expect(authenticate(token)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  inOrder = true;
  for (let call = 0; call < 5; call += 1) await authenticate(token);
  expect(log.lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
    "error: the key set of the tokens cannot be reached: new tokens are refused",
    "info: the key set of the tokens can be reached again",
  ]);
});

test("calls refused in an outage leave no line of their own", async () => {
  const log = recordingLogger();
  const authenticate = authenticator(new URL("http://127.0.0.1:1/jwks"), log);
  const server = await startTestServer(
    [implementPatterns(() => {})],
    [recovery(log), auth({ authenticate, methods: patternMethods })],
  );
  const metadata = { authorization: `Bearer ${await signed("k1").sign(privateKey)}` };
  for (const [, call] of patternCalls) {
    await expect(call(server.channel, { metadata })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  await server.close();
  expect(log.lines).toHaveLength(1);
});
