// @module-tag python3-grpcio
// @module-tag openssl

import { ServerCredentials } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import { type Certificates, developmentCertificates } from "../../interop/certificates.ts";
import { echoCall, echoHandlers, serveEcho } from "../support/echo-server.ts";
import type { PythonTls } from "../support/python-client.ts";
import { type ServerKind, serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

let certificates: Certificates;
beforeAll(async () => {
  certificates = await developmentCertificates();
});

/** @param mutual clients must show a certificate of the authority */
function serverCredentials(mutual: boolean): ServerCredentials {
  const { authority, server } = certificates;
  const pair = { cert_chain: server.certificate, private_key: server.key };
  return ServerCredentials.createSsl(mutual ? authority : null, [pair], mutual);
}

describe.each(serverKinds)("a Python client of $name", (kind: ServerKind) => {
  const client = usePythonClient();

  async function call(mutual: boolean, tls: PythonTls) {
    const port = await serveEcho(kind, echoHandlers, { credentials: serverCredentials(mutual) });
    // The certificate is for `localhost`.
    const options = { "grpc.ssl_target_name_override": "localhost" };
    const channel = { address: `127.0.0.1:${port}`, tls, options };
    const requests = [{ text: "hello" }];
    return client.call(echoCall(port, "Bidi", { channel, requests, timeout: 60 }));
  }

  const answered = { code: "OK", responses: [{ text: "hello" }] };

  test("TLS", async () => {
    const authority = certificates.authority.toString();
    expect(await call(false, { authority })).toMatchObject(answered);
  });

  test("TLS with an authority it does not trust", async () => {
    expect((await call(false, {})).code).toBe("UNAVAILABLE");
  });

  test("mutual TLS", async () => {
    const authority = certificates.authority.toString();
    const { certificate, key } = certificates.client;
    const tls = { authority, certificate: certificate.toString(), key: key.toString() };
    expect(await call(true, tls)).toMatchObject(answered);
  });

  test("mutual TLS without a certificate", async () => {
    const authority = certificates.authority.toString();
    expect((await call(true, { authority })).code).toBe("UNAVAILABLE");
  });
});
