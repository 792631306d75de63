// @module-tag python3-grpcio
// @module-tag openssl

import { credentials } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import { type Certificates, developmentCertificates } from "../../interop/certificates.ts";
import { collect, failure } from "../../runtime/support/echo.ts";
import { echoClient } from "../support/echo-client.ts";
import { usePythonServer } from "../support/use-python.ts";

let certificates: Certificates;
beforeAll(async () => {
  certificates = await developmentCertificates();
});

describe("a generated client of a Python server", () => {
  const server = usePythonServer();

  /** @returns the address, by the name that the certificate is for */
  async function start(mutual: boolean): Promise<string> {
    const { authority, server: pair } = certificates;
    const own = { certificate: pair.certificate.toString(), key: pair.key.toString() };
    const tls = mutual ? { ...own, authority: authority.toString() } : own;
    return `localhost:${await server().start({ tls })}`;
  }

  async function replies(
    address: string,
    channelCredentials: ReturnType<typeof credentials.createSsl>,
  ) {
    const client = echoClient(address, { credentials: channelCredentials });
    return collect(client.bidi([{ text: "hello" }], { waitForReady: false }));
  }

  test("TLS", async () => {
    const address = await start(false);
    const trusting = credentials.createSsl(certificates.authority);
    expect(await replies(address, trusting)).toMatchObject([{ text: "hello" }]);
  });

  test("TLS with an authority it does not trust", async () => {
    const address = await start(false);
    expect(await failure(replies(address, credentials.createSsl()))).toMatchObject({
      code: "UNAVAILABLE",
    });
  });

  test("mutual TLS", async () => {
    const address = await start(true);
    const { authority, client } = certificates;
    const known = credentials.createSsl(authority, client.key, client.certificate);
    expect(await replies(address, known)).toMatchObject([{ text: "hello" }]);
  });

  test("mutual TLS without a certificate", async () => {
    const address = await start(true);
    const unknown = credentials.createSsl(certificates.authority);
    expect(await failure(replies(address, unknown))).toMatchObject({ code: "UNAVAILABLE" });
  });
});
