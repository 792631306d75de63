import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { checkCertificates, type TlsFiles } from "../../scripts/doctor/certificates.ts";
import { hasOpenssl, makeCertificates } from "../certificates.ts";
import { temporaryFolders } from "../temporary-folders.ts";

const temporaryFolder = temporaryFolders();

const daysLater = (days: number) => new Date(Date.now() + days * 86_400_000);

describe.skipIf(!hasOpenssl)("certificates", () => {
  let files: ReturnType<typeof makeCertificates>;
  let mutual: TlsFiles;

  beforeAll(() => {
    files = makeCertificates(temporaryFolder());
    mutual = {
      server: { ...files.server, clientCa: files.ca },
      client: { ca: files.ca, identity: files.client },
      host: "localhost",
    };
  });

  const messages = (tls: TlsFiles, at = new Date()) =>
    checkCertificates(tls, at).map(({ status, message }) => `${status}: ${message}`);

  test("fresh ones are good", () => {
    expect(messages(mutual)).toEqual([
      expect.stringMatching(/^ok: .*server\.crt holds until /),
      expect.stringMatching(/^ok: .*client\.crt holds until /),
    ]);
    expect(messages({ ...mutual, host: "::1" })).toHaveLength(2);
  });

  test("no TLS is nothing to check", () => {
    const none = { server: undefined, client: undefined, host: "localhost" };
    expect(checkCertificates(none, new Date())).toMatchObject([{ status: "skipped" }]);
  });

  test("expired, about to expire, not yet valid", () => {
    const server = { ...mutual, client: undefined };
    expect(messages(server, daysLater(366))).toEqual([
      expect.stringMatching(/^failure: .* expired/),
    ]);
    expect(messages(server, daysLater(350))).toEqual([
      expect.stringMatching(/^warning: .* expires in \d+ days/),
    ]);
    expect(messages(server, daysLater(-1))).toEqual([expect.stringMatching(/^failure: .* from /)]);
  });

  test("for another name", () => {
    expect(messages({ ...mutual, host: "users.example.com" })).toContainEqual(
      expect.stringMatching(/^failure: .*, not for users\.example\.com$/),
    );
  });

  test("with the key of another certificate", () => {
    const server = { cert: files.server.cert, key: files.client.key, clientCa: undefined };
    expect(messages({ ...mutual, server })).toContainEqual(
      expect.stringMatching(/^failure: .*client\.key is not the key of .*server\.crt$/),
    );
  });

  test("signed by another authority", () => {
    const other = makeCertificates(temporaryFolder());
    const client = { ca: other.ca, identity: undefined };
    expect(messages({ ...mutual, client })).toContainEqual(
      expect.stringMatching(/^failure: .*server\.crt was not signed by /),
    );
  });

  test.skipIf(process.platform === "win32")("a key that others can read", () => {
    const { cert, key } = makeCertificates(temporaryFolder()).server;
    chmodSync(key, 0o644);
    const server = { cert, key, clientCa: undefined };
    expect(checkCertificates({ server, client: undefined, host: "localhost" }, new Date())).toEqual(
      [
        {
          status: "failure",
          message: `others on this machine can read ${key}`,
          remedy: `chmod 600 ${key}`,
        },
      ],
    );
  });

  test("missing or not a certificate", () => {
    const { server } = makeCertificates(temporaryFolder());
    const only = { server: { ...server, clientCa: undefined }, client: undefined, host: "::1" };
    writeFileSync(server.cert, "no certificate");
    expect(checkCertificates(only, new Date())).toMatchObject([{ status: "failure" }]);
    rmSync(server.cert);
    expect(messages(only)).toEqual([expect.stringMatching(/^failure: .*ENOENT/)]);
  });
});
