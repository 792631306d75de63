import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import type { KeySetTimes } from "../../../../runtime/src/interceptors/auth/key-set.ts";
import { cleanUp } from "../../support/echo.ts";

const pairs = new Map(
  await Promise.all(
    ["k1", "k2", "k3"].map(async (kid) => [kid, await generateKeyPair("ES256")] as const),
  ),
);

/** A pair of keys with the id, the same each time. */
export async function keyOf(kid: string) {
  const pair = pairs.get(kid);
  if (pair === undefined) throw new Error(kid);
  return { pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: "ES256", use: "sig" } };
}

/** A provider with some keys. It can be slow, or away. */
export async function startProvider(...kids: string[]) {
  const provider = {
    kids,
    requests: 0,
    isAway: false,
    delayMs: 0,
    padding: 0,
    open: 0,
    mostOpen: 0,
  };
  const server = createServer(async (_request, response) => {
    provider.requests += 1;
    provider.open += 1;
    provider.mostOpen = Math.max(provider.mostOpen, provider.open);
    await new Promise((resolve) => setTimeout(resolve, provider.delayMs));
    provider.open -= 1;
    if (provider.isAway) {
      response.writeHead(503).end();
      return;
    }
    const keys = await Promise.all(provider.kids.map(async (kid) => (await keyOf(kid)).jwk));
    response.end(JSON.stringify({ keys }) + " ".repeat(provider.padding));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { provider, url: new URL(`http://127.0.0.1:${port}/jwks`) };
}

const hour = 3_600_000;
/** Times that no test reaches. */
export const times: KeySetTimes = {
  refreshMs: hour,
  maxStaleMs: hour,
  cooldownMs: hour,
  timeoutMs: 5_000,
};
