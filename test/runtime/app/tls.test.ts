import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ClientTlsConfig, ServerTlsConfig } from "../../../runtime/src/config/index.ts";
import { connect } from "../../../runtime/src/connect/index.ts";
import { HealthClient } from "../../../runtime/src/health/client.ts";
import { Authority, hasOpenssl } from "../support/authority.ts";
import { cleanUp } from "../support/echo.ts";
import { kinds } from "./support/kinds.ts";
import type { CreateApp } from "./support/program.ts";
import { startApp } from "./support/start-app.ts";
import { makeTlsFiles } from "./support/tls-files.ts";

/** Calls the health service once over TLS. */
async function check(create: CreateApp, tls: ServerTlsConfig, client: ClientTlsConfig) {
  const { address, config } = await startApp(create, { config: { tls } });
  const connection = await connect([], {
    ...config,
    address: address.replace("127.0.0.1", "localhost"),
    tls: client,
    token: undefined,
  });
  cleanUp(() => connection.close());
  return await new HealthClient(connection.channel).check({}, { timeoutMs: 10_000 });
}

describe.skipIf(!hasOpenssl).each(kinds)("$name with TLS", ({ create }) => {
  test("accepts a client that trusts its authority", async () => {
    const { ca, server } = makeTlsFiles();
    const called = check(create, { ...server, clientCa: undefined }, { ca, identity: undefined });
    await expect(called).resolves.toBeDefined();
  });

  test("requires a client certificate with mutual TLS", async () => {
    const { ca, server, client } = makeTlsFiles();
    const mutual = { ...server, clientCa: ca };
    await expect(check(create, mutual, { ca, identity: client })).resolves.toBeDefined();
    await expect(check(create, mutual, { ca, identity: undefined })).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
  });

  test("rejects in one line when a file is missing or the key is of another certificate", async () => {
    const { ca, server, client } = makeTlsFiles();
    const missing = join(dirname(server.key), "missing.key");
    for (const [key, problem] of [
      [missing, /^cannot read the TLS file .*missing\.key: .*ENOENT[^\n]*$/],
      [client.key, /^\S*client\.key is not the key of \S*server\.crt$/],
    ] as const) {
      const tls = { ...server, key, clientCa: undefined };
      await expect(check(create, tls, { ca, identity: client })).rejects.toThrow(problem);
    }
  });

  test("rejects in one line when its certificate has expired", async () => {
    const authority = new Authority();
    const pair = authority.issue("expired", "localhost", { days: -1 });
    const { validTo } = new X509Certificate(readFileSync(pair.cert));
    const called = check(
      create,
      { ...pair, clientCa: undefined },
      { ca: authority.ca, identity: undefined },
    );
    await expect(called).rejects.toThrow(new Error(`${pair.cert} expired on ${validTo}`));
  });

  test("is not trusted with a certificate for another host", async () => {
    const { ca, client } = makeTlsFiles();
    const called = check(create, { ...client, clientCa: undefined }, { ca, identity: undefined });
    await expect(called).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
