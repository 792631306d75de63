import { join } from "node:path";
import { createCertificates } from "../../../src/commands/certs/create-certificates.ts";
import { temporaryFolder } from "../../scaffold/support.ts";

/** Paths of fresh certificates in a folder that is removed after the test file. */
export async function makeCertificates() {
  const folder = await temporaryFolder();
  await createCertificates(folder, { env: process.env, signal: new AbortController().signal });
  const file = (name: string) => join(folder, name);
  return {
    ca: file("ca.crt"),
    server: { cert: file("server.crt"), key: file("server.key") },
    client: { cert: file("client.crt"), key: file("client.key") },
  };
}
