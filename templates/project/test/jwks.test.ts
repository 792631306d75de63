import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jwtAuthenticator } from "../src/interceptors/jwt.ts";

const { publicKey, privateKey } = await generateKeyPair("ES256");
const claims = { sub: "ada", iss: "issuer", aud: "shop" };
let provider: Server;
let url: URL;

beforeAll(async () => {
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" }];
  provider = createServer((request, response) => {
    response.writeHead(request.url === "/jwks" ? 200 : 503).end(JSON.stringify({ keys }));
  });
  await once(provider.listen(0, "127.0.0.1"), "listening");
  const { port } = provider.address() as AddressInfo;
  url = new URL(`http://127.0.0.1:${port}/jwks`);
});

afterAll(() => provider.close());

function authenticator(keySet: URL) {
  const config = {
    keys: { kind: "jwks", url: keySet },
    issuer: "issuer",
    audience: "shop",
  } as const;
  return jwtAuthenticator(config, () => new Date());
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
