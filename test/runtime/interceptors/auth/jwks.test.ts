import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GrpcError } from "../../../../runtime/src/index.ts";
import { auth, jwtAuthenticator } from "../../../../runtime/src/interceptors/auth/index.ts";
import { callerOf, recovery } from "../../../../runtime/src/interceptors/index.ts";
import { failureOf } from "../../../../runtime/src/testing/index.ts";
import { implementPatterns, outcomeOf, patternCalls } from "../../support/four-patterns.ts";
import { recordingLogger } from "../../support/recording-logger.ts";
import { serve } from "../../support/serve.ts";

const { publicKey, privateKey } = await generateKeyPair("ES256");
const claims = { sub: "ada", iss: "issuer", aud: "shop" };
let provider: Server;
let url: URL;
let available = true;

beforeAll(async () => {
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" }];
  provider = createServer((request, response) => {
    response
      .writeHead(available && request.url === "/jwks" ? 200 : 503)
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

/** Why a token was refused, as the log has it. */
function reasonOf(error: unknown): unknown {
  const { cause } = GrpcError.from(error);
  return cause instanceof Error ? cause.message : cause;
}

function signed(kid: string): SignJWT {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid })
    .setExpirationTime("1 minute");
}

test("calls with one token at a time share its verification, also when it is refused", async () => {
  const authenticate = authenticator(url);
  const [good, bad] = [await signed("k1").sign(privateKey), "not a token"];
  const outcomes = (token: string) => {
    const calls = Array.from({ length: 100 }, async () => await authenticate(token));
    return Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
  };
  expect(new Set(await outcomes(good)).size).toBe(1);
  const [refusal, ...others] = new Set(await outcomes(bad));
  expect(others).toEqual([]);
  // Only while it runs: the next call is verified anew.
  await expect(authenticate(bad)).rejects.not.toBe(refusal);
});

test("a token signed by a key of the set is accepted", async () => {
  const token = await signed("k1").sign(privateKey);
  expect(await authenticator(url)(token)).toMatchObject({ subject: "ada", scopes: [] });
});

test("a token signed by an unknown key is refused", async () => {
  const stranger = await generateKeyPair("ES256");
  for (const kid of ["k1", "k2"]) {
    const token = await signed(kid).sign(stranger.privateKey);
    await expect(authenticator(url)(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  }
});

test("a token without a key id is verified with each key that may be it, up to four", async () => {
  const pairs = await Promise.all(Array.from({ length: 5 }, () => generateKeyPair("ES256")));
  const keys = await Promise.all(
    pairs.map(async (pair, index) => ({ ...(await exportJWK(pair.publicKey)), kid: `k${index}` })),
  );
  const outcomes = async (count: number) => {
    const several = createServer((_request, response) => {
      response.end(JSON.stringify({ keys: keys.slice(0, count) }));
    });
    await once(several.listen(0, "127.0.0.1"), "listening");
    const { port } = several.address() as AddressInfo;
    const authenticate = authenticator(new URL(`http://127.0.0.1:${port}`));
    const attempts = pairs.map(async (pair) => {
      const token = new SignJWT(claims).setProtectedHeader({ alg: "ES256" });
      return await authenticate(await token.setExpirationTime("1 minute").sign(pair.privateKey));
    });
    const settled = await Promise.allSettled(attempts);
    several.close();
    return settled.map((outcome) =>
      outcome.status === "fulfilled" ? outcome.value.subject : reasonOf(outcome.reason),
    );
  };
  expect(await outcomes(4)).toEqual(["ada", "ada", "ada", "ada", "wrong signature"]);
  expect(await outcomes(5)).toEqual(["ada", "ada", "ada", "ada", "several keys match"]);
});

test("the other claims of a token without a key id are verified too", async () => {
  const keys = [
    await exportJWK(publicKey),
    await exportJWK((await generateKeyPair("ES256")).publicKey),
  ];
  const several = createServer((_request, response) => {
    response.end(JSON.stringify({ keys }));
  });
  await once(several.listen(0, "127.0.0.1"), "listening");
  const { port } = several.address() as AddressInfo;
  const token = await new SignJWT({ ...claims, aud: "bank" })
    .setProtectedHeader({ alg: "ES256" })
    .setExpirationTime("1 minute")
    .sign(privateKey);
  const failure = await failureOf(
    Promise.resolve(authenticator(new URL(`http://127.0.0.1:${port}`))(token)),
  );
  several.close();
  expect(reasonOf(failure)).toBe("another audience");
});

test("the public key is not accepted as a shared secret", async () => {
  const key = new TextEncoder().encode(await exportSPKI(publicKey));
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", kid: "k1" })
    .setExpirationTime("1 minute")
    .sign(key);
  await expect(authenticator(url)(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("calls end with UNAVAILABLE while the keys cannot be fetched", async () => {
  const token = await signed("k1").sign(privateKey);
  for (const broken of [new URL("/gone", url), new URL("http://127.0.0.1:1/jwks")]) {
    await expect(authenticator(broken)(token)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
});

test("public methods work during an outage", async () => {
  const authenticate = authenticator(new URL("http://127.0.0.1:1/jwks"));
  const callers: unknown[] = [];
  const { channel } = await serve(
    [implementPatterns((context) => callers.push(callerOf(context)))],
    [auth({ authenticate, publicMethods: ["test.Patterns/Unary"] })],
  );
  const metadata = { authorization: `Bearer ${await signed("k1").sign(privateKey)}` };
  const outcomes = patternCalls.map(([, call]) => outcomeOf(call(channel, { metadata })));
  expect(await Promise.all(outcomes)).toEqual(["OK", "UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
  expect(callers).toEqual([undefined]);
});

test("the log has one line when an outage begins and one when it ends", async () => {
  const log = recordingLogger();
  const authenticate = authenticator(url, log);
  const token = await signed("k1").sign(privateKey);
  available = false;
  for (let call = 0; call < 5; call += 1) {
    await expect(authenticate(token)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  available = true;
  for (let call = 0; call < 5; call += 1) await authenticate(token);
  expect(log.lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
    "error: the key set cannot be reached: new tokens are refused",
    "info: the key set can be reached again",
  ]);
});

test("calls refused during an outage are not logged one by one", async () => {
  const log = recordingLogger();
  const authenticate = authenticator(new URL("http://127.0.0.1:1/jwks"), log);
  const { channel } = await serve(
    [implementPatterns(() => {})],
    [recovery(log), auth({ authenticate })],
  );
  const metadata = { authorization: `Bearer ${await signed("k1").sign(privateKey)}` };
  for (const [, call] of patternCalls) {
    await expect(call(channel, { metadata })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  expect(log.lines).toHaveLength(1);
});
