import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Connection, connect } from "../src/client/connect.ts";
import type { ClientTlsConfig, ServerTlsConfig } from "../src/config/tls.ts";
import { HealthClient } from "../src/gen/runtime/health-client.ts";
import { hasOpenssl, makeCertificates } from "./certificates.ts";
import { startTestApp, type TestApp, testConfig } from "./support.ts";
import { temporaryFolders } from "./temporary-folders.ts";

const temporaryFolder = temporaryFolders();

describe.skipIf(!hasOpenssl)("with the certificates of `npm run certs`", () => {
  const directory = temporaryFolder();
  const file = (name: string) => join(directory, "certs", name);
  const server = { cert: file("server.crt"), key: file("server.key"), clientCa: undefined };
  const ca = file("ca.crt");
  const identity = { cert: file("client.crt"), key: file("client.key") };

  beforeAll(() => void makeCertificates(directory));

  /** Calls the health service once over TLS. */
  async function check(tls: ServerTlsConfig, client: ClientTlsConfig) {
    const app: TestApp = await startTestApp({ config: { tls } });
    const address = app.address.replace("127.0.0.1", "localhost");
    const { auth } = testConfig();
    const config = { address, tls: client, token: undefined, auth };
    const connection: Connection = await connect([], config);
    try {
      return await new HealthClient(connection.channel).check({}, { timeoutMs: 10_000 });
    } finally {
      connection.close();
      await app.close();
    }
  }

  test.skipIf(process.platform === "win32")("keys are nobody else's", () => {
    for (const name of ["ca.key", "server.key", "client.key"]) {
      expect(statSync(file(name)).mode & 0o777).toBe(0o600);
    }
  });

  test("the server's certificate holds for this machine", () => {
    const certificate = new X509Certificate(readFileSync(server.cert));
    expect(certificate.checkHost("localhost")).toBe("localhost");
    for (const ip of ["127.0.0.1", "::1"]) expect(certificate.checkIP(ip)).toBe(ip);
    expect(certificate.checkHost("example.com")).toBeUndefined();
  });

  test("a client that trusts the authority gets through", async () => {
    await expect(check(server, { ca, identity: undefined })).resolves.toBeDefined();
  });

  test("mutual TLS wants a certificate from the client", async () => {
    const mutual = { ...server, clientCa: ca };
    await expect(check(mutual, { ca, identity })).resolves.toBeDefined();
    await expect(check(mutual, { ca, identity: undefined })).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
  });

  test("a missing file and a foreign key are one line each", async () => {
    const missing = { ...server, key: file("missing.key") };
    await expect(check(missing, { ca, identity })).rejects.toThrow(
      /^cannot read the TLS file .*missing\.key: .*ENOENT[^\n]*$/,
    );
    const foreign = { ...server, key: identity.key };
    await expect(check(foreign, { ca, identity })).rejects.toThrow(
      /client\.key is not the key of .*server\.crt$/,
    );
  });

  test("an expired certificate is one line", async () => {
    const openssl = (...args: string[]) =>
      execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
    writeFileSync(join(directory, "index.txt"), "");
    writeFileSync(
      join(directory, "expired.cnf"),
      `[req]
distinguished_name = name
[name]
[ca]
default_ca = expired
[expired]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`,
    );
    const config = ["-config", "expired.cnf"];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const files = ["-keyout", "expired.key", "-out", "expired.csr"];
    openssl("req", "-new", ...key, "-subj", "/CN=localhost", ...config, ...files);
    const dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
    const signing = ["-selfsign", "-keyfile", "expired.key", "-in", "expired.csr"];
    openssl("ca", "-batch", "-notext", ...config, ...signing, ...dates, "-out", "expired.crt");
    const pair = { cert: join(directory, "expired.crt"), key: join(directory, "expired.key") };
    await expect(check({ ...server, ...pair }, { ca, identity })).rejects.toThrow(
      /^.*expired\.crt expired on Jan +2 [^\n]*2020[^\n]*$/,
    );
  });

  test("a certificate of another name is not believed", async () => {
    const other = { ...identity, clientCa: undefined };
    await expect(check(other, { ca, identity: undefined })).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
  });
});
