import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hasOpenssl, makeCertificates } from "./certificates.ts";
import { temporaryFolders } from "./temporary-folders.ts";

const temporaryFolder = temporaryFolders();

describe.skipIf(!hasOpenssl)("the certificates of the command certs", () => {
  const directory = temporaryFolder();
  const file = (name: string) => join(directory, "certs", name);
  beforeAll(() => void makeCertificates(directory));

  test.skipIf(process.platform === "win32")("only their owner can read the keys", () => {
    for (const name of ["ca.key", "server.key", "client.key"]) {
      expect(statSync(file(name)).mode & 0o777).toBe(0o600);
    }
  });

  test("the server's certificate is valid for this machine", () => {
    const certificate = new X509Certificate(readFileSync(file("server.crt")));
    expect(certificate.checkHost("localhost")).toBe("localhost");
    for (const ip of ["127.0.0.1", "::1"]) expect(certificate.checkIP(ip)).toBe(ip);
    expect(certificate.checkHost("example.com")).toBeUndefined();
  });
});
