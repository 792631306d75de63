import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../../terminal/host.ts";
import { openssl } from "./openssl.ts";

const validDays = "365";
const subject = "/C=KR/ST=Seoul/L=Seoul/O=Development/CN=";
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Each is a certificate `<name>.crt` with its private key `<name>.key`. */
export const certificateNames = ["ca", "server", "client"] as const;

/**
 * Creates certificates in `folder`: an authority, and a server and a client certificate that it signed.
 *
 * @throws StepError when openssl fails
 */
export async function createCertificates(
  folder: string,
  host: Pick<Host, "env" | "signal">,
): Promise<void> {
  await createAuthority(folder, host);
  const names = "subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1";
  const serverUse = `extendedKeyUsage = serverAuth\n${names}`;
  await createCertificate(folder, "server", "localhost", serverUse, host);
  const clientUse = "extendedKeyUsage = clientAuth";
  await createCertificate(folder, "client", "demo-client", clientUse, host);
}

async function createAuthority(folder: string, host: Pick<Host, "env" | "signal">): Promise<void> {
  const config = join(folder, "authority.cnf");
  await writeFile(
    config,
    `[req]
distinguished_name = name
x509_extensions = authority
[name]
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`,
  );
  const output = ["-keyout", join(folder, "ca.key"), "-out", join(folder, "ca.crt")];
  const name = ["-subj", `${subject}Development CA`, "-config", config];
  const options = ["-x509", "-sha256", "-days", validDays, ...newKey, ...name, ...output];
  await openssl(["req", ...options], host);
}

async function createCertificate(
  folder: string,
  name: string,
  commonName: string,
  extensions: string,
  host: Pick<Host, "env" | "signal">,
): Promise<void> {
  const request = join(folder, `${name}.csr`);
  const extensionFile = join(folder, `${name}.ext`);
  await writeFile(extensionFile, `basicConstraints = CA:FALSE\n${extensions}\n`);
  const key = join(folder, `${name}.key`);
  const named = ["-subj", `${subject}${commonName}`, "-config", join(folder, "authority.cnf")];
  const requestOptions = ["-new", "-sha256", ...newKey, ...named, "-keyout", key, "-out", request];
  await openssl(["req", ...requestOptions], host);
  const authority = ["-CA", join(folder, "ca.crt"), "-CAkey", join(folder, "ca.key")];
  const serial = ["-CAserial", join(folder, "serial"), "-CAcreateserial"];
  const output = ["-extfile", extensionFile, "-out", join(folder, `${name}.crt`)];
  const signing = ["-in", request, "-sha256", "-days", validDays];
  await openssl(["x509", "-req", ...signing, ...authority, ...serial, ...output], host);
}
