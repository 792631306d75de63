import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { cleanUp } from "../../runtime/support/echo.ts";

const issuer = "https://identity.example.com";
const audience = "users";

/** An identity provider with one key. */
export interface IdentityProvider {
  /** Of a service that trusts it. */
  readonly settings: Readonly<Record<string, string>>;
  /** A token that is valid for an hour. @param kid the name of its key, by default the one that is known */
  token(kid?: string): Promise<string>;
  /** It takes requests, and does not answer them. */
  hang(): void;
  recover(): void;
}

/** Starts one. It ends with the test. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "known" }] });
  const waiting = new Set<ServerResponse>();
  let hangs = false;
  const server = createServer((_request, response) => {
    if (hangs) waiting.add(response);
    else response.end(keys);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      AUTH: "on",
      AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys`,
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: audience,
    },
    token: (kid = "known") =>
      new SignJWT()
        .setProtectedHeader({ alg: "ES256", kid })
        .setSubject("test")
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime("1h")
        .sign(privateKey),
    hang() {
      hangs = true;
    },
    recover() {
      hangs = false;
      for (const response of waiting) response.end(keys);
      waiting.clear();
    },
  };
}
