import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  checkCertificates,
  type TlsFiles,
} from "../../../../src/commands/doctor/checks/certificates.ts";
import { makeCertificates } from "../../support/certificates.ts";

const daysLater = (days: number) => new Date(Date.now() + days * 86_400_000);

describe("certificates", { tags: "openssl" }, () => {
  let files: Awaited<ReturnType<typeof makeCertificates>>;
  let mutual: TlsFiles;

  beforeAll(async () => {
    files = await makeCertificates();
    mutual = {
      root: "/",
      server: { ...files.server, clientCa: files.ca },
      client: { ca: files.ca, identity: files.client },
      host: "localhost",
    };
  });

  const messages = (tls: TlsFiles, at = new Date()) =>
    checkCertificates(tls, at).map(({ status, message }) => `${status}: ${message}`);

  test("fresh ones are good", () => {
    expect(messages(mutual)).toEqual([
      expect.stringMatching(/^ok: .*server\.crt is valid until /),
      expect.stringMatching(/^ok: .*client\.crt is valid until /),
    ]);
    expect(messages({ ...mutual, host: "::1" })).toHaveLength(2);
  });

  test("relative paths start from the root of the project", () => {
    const server = { cert: "server.crt", key: "server.key", clientCa: undefined };
    const root = dirname(files.ca);
    expect(messages({ root, server, client: undefined, host: "localhost" })).toEqual([
      expect.stringMatching(/^ok: server\.crt is valid until /),
    ]);
  });

  test("without TLS there is nothing to check", () => {
    const none = { root: "/", server: undefined, client: undefined, host: "localhost" };
    expect(checkCertificates(none, new Date())).toEqual([
      { status: "skipped", message: "TLS is not configured" },
    ]);
  });

  test("expired, about to expire, not yet valid", () => {
    const server = { ...mutual, client: undefined };
    expect(messages(server, daysLater(366))).toEqual([
      expect.stringMatching(/^failure: .* expired on /),
    ]);
    expect(messages(server, daysLater(350))).toEqual([
      expect.stringMatching(/^warning: .* expires in \d+ days/),
    ]);
    expect(messages(server, daysLater(-1))).toEqual([
      expect.stringMatching(/^failure: .* is not valid before /),
    ]);
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

  test("signed by another authority", async () => {
    const other = await makeCertificates();
    const client = { ca: other.ca, identity: undefined };
    expect(messages({ ...mutual, client })).toContainEqual(
      expect.stringMatching(/^failure: .*server\.crt was not signed by /),
    );
  });

  test.skipIf(process.platform === "win32")("a key that others can read", async () => {
    const { cert, key } = (await makeCertificates()).server;
    chmodSync(key, 0o644);
    const server = { cert, key, clientCa: undefined };
    const tls = { root: "/", server, client: undefined, host: "localhost" };
    expect(checkCertificates(tls, new Date())).toEqual([
      {
        status: "failure",
        message: `other users of this machine can read ${key}`,
        remedy: `chmod 600 ${key}`,
      },
    ]);
  });

  test("missing or not a certificate", async () => {
    const { server } = await makeCertificates();
    const only: TlsFiles = {
      root: "/",
      server: { ...server, clientCa: undefined },
      client: undefined,
      host: "::1",
    };
    writeFileSync(server.cert, "not a certificate");
    expect(checkCertificates(only, new Date())).toMatchObject([{ status: "failure" }]);
    rmSync(server.cert);
    expect(messages(only)).toEqual([expect.stringMatching(/^failure: .*ENOENT/)]);
  });
});
