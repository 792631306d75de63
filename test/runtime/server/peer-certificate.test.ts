// @module-tag openssl

import { readFileSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import type { PeerCertificate } from "../../../runtime/src/index.ts";
import { GrpcError, implement } from "../../../runtime/src/index.ts";
import { auth } from "../../../runtime/src/interceptors/auth/index.ts";
import { callerOf, interceptorsByMethod } from "../../../runtime/src/interceptors/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { Authority } from "../support/authority.ts";
import { cleanUp, connect, failure } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";

const read = (path: string) => readFileSync(path);

/** Credentials of a server that asks for certificates, and of a client with one for `hosts`. */
function mutualTls(hosts: string, isRequired = true) {
  const authority = new Authority();
  const server = authority.issue("server", "server");
  const client = authority.issue("client", "orders", { hosts });
  const ca = read(authority.ca);
  return {
    server: grpc.ServerCredentials.createSsl(
      ca,
      [{ cert_chain: read(server.cert), private_key: read(server.key) }],
      isRequired,
    ),
    client: grpc.credentials.createSsl(ca, read(client.key), read(client.cert)),
    anonymous: grpc.credentials.createSsl(ca),
  };
}

describe.each([own, plain])("$name", (kind) => {
  test("the handler sees the certificate of the caller", async () => {
    const seen: (PeerCertificate | undefined)[] = [];
    const tls = mutualTls("DNS:orders.internal,URI:spiffe://shop/orders,IP:127.0.0.1");
    const port = await kind.listen(
      {
        unary: async (_request, { peerCertificate }) => {
          seen.push(peerCertificate);
          return {};
        },
      },
      {},
      tls.server,
    );
    await connect(`localhost:${port}`, { credentials: tls.client }).unary({});
    expect(seen).toEqual([
      {
        commonName: "orders",
        altNames: ["DNS:orders.internal", "URI:spiffe://shop/orders", "IP Address:127.0.0.1"],
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        serialNumber: expect.stringMatching(/^[0-9A-F]+$/),
        der: expect.any(Buffer),
      },
    ]);
  });

  test("without TLS there is none", async () => {
    const seen: unknown[] = [];
    const port = await kind.listen(
      {
        unary: async (_request, { peerCertificate }) => {
          seen.push(peerCertificate);
          return {};
        },
      },
      {},
    );
    await connect(`127.0.0.1:${port}`).unary({});
    expect(seen).toEqual([undefined]);
  });
});

test("the certificate can be the identity of a caller without a token", async () => {
  const tls = mutualTls("URI:spiffe://shop/orders");
  const callers: unknown[] = [];
  const interceptors = await interceptorsByMethod(
    [
      auth({
        authenticate: async (token) => {
          if (token === "good") return { subject: "token", scopes: [] };
          throw new GrpcError("UNAUTHENTICATED", "the token is not valid");
        },
        identityOfCertificate: ({ altNames }) => {
          const [uri] = altNames.filter((name) => name.startsWith("URI:spiffe://shop/"));
          return uri === undefined ? undefined : { subject: uri.slice(4), scopes: ["internal"] };
        },
      }),
    ],
    { methods: Object.values(echoDefinition), environment: "test" },
  );
  const server = new GrpcServer({
    interceptors,
    services: [
      implement(echoDefinition, {
        unary: async (_request, context) => {
          callers.push(callerOf(context)?.subject);
          return {};
        },
      }),
    ],
  });
  cleanUp(() => server.stop(0));
  const port = await server.listen("127.0.0.1:0", tls.server);
  const client = connect(`localhost:${port}`, { credentials: tls.client });
  await client.unary({});
  await client.unary({}, { metadata: { authorization: "Bearer good" } });
  expect(callers).toEqual(["spiffe://shop/orders", "token"]);
  const bad = client.unary({}, { metadata: { authorization: "Bearer bad" } });
  expect(await failure(bad)).toMatchObject({ code: "UNAUTHENTICATED" });
});
