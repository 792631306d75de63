import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../../terminal/host.ts";
import type { Authority } from "./authority.ts";
import { openssl } from "./openssl.ts";

const validDays = 365;
/** Long: whoever trusts the authority accepts certificates that are renewed. */
const authorityDays = 3650;
const subject = "/C=KR/ST=Seoul/L=Seoul/O=Development/CN=";
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Each is a certificate `<name>.crt` with its private key `<name>.key`. */
export const certificateNames = ["ca", "server", "client"] as const;

/**
 * Creates certificates in `folder`: an authority, and a server and a client certificate that it signed.
 *
 * @param authority signs them in place of a new one
 * @throws StepError when openssl fails
 */
export async function createCertificates(
  folder: string,
  host: Pick<Host, "env" | "signal">,
  authority?: Authority,
): Promise<void> {
  await writeFile(join(folder, "openssl.cnf"), opensslConfig);
  if (authority === undefined) await createAuthority(folder, host);
  else await copyAuthority(folder, authority);
  const days = Math.min(validDays, authority?.daysLeft ?? validDays);
  const names = "subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1";
  const serverUse = `extendedKeyUsage = serverAuth\n${names}`;
  await createCertificate({ folder, days, host }, "server", "localhost", serverUse);
  const clientUse = "extendedKeyUsage = clientAuth";
  await createCertificate({ folder, days, host }, "client", "demo-client", clientUse);
}

/** The one of the machine could ask for more. */
const opensslConfig = `[req]
distinguished_name = name
x509_extensions = authority
[name]
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

async function copyAuthority(folder: string, { cert, key }: Authority): Promise<void> {
  await writeFile(join(folder, "ca.crt"), cert);
  await writeFile(join(folder, "ca.key"), key, { mode: 0o600 });
}

async function createAuthority(folder: string, host: Pick<Host, "env" | "signal">): Promise<void> {
  const output = ["-keyout", join(folder, "ca.key"), "-out", join(folder, "ca.crt")];
  const name = ["-subj", `${subject}Development CA`, "-config", join(folder, "openssl.cnf")];
  const options = ["-x509", "-sha256", "-days", `${authorityDays}`, ...newKey, ...name, ...output];
  await openssl(["req", ...options], host);
}

/** What all certificates of a run share. */
interface Run {
  readonly folder: string;
  readonly days: number;
  readonly host: Pick<Host, "env" | "signal">;
}

async function createCertificate(
  { folder, days, host }: Run,
  name: string,
  commonName: string,
  extensions: string,
): Promise<void> {
  const request = join(folder, `${name}.csr`);
  const extensionFile = join(folder, `${name}.ext`);
  await writeFile(extensionFile, `basicConstraints = CA:FALSE\n${extensions}\n`);
  const key = join(folder, `${name}.key`);
  const named = ["-subj", `${subject}${commonName}`, "-config", join(folder, "openssl.cnf")];
  const requestOptions = ["-new", "-sha256", ...newKey, ...named, "-keyout", key, "-out", request];
  await openssl(["req", ...requestOptions], host);
  const authority = ["-CA", join(folder, "ca.crt"), "-CAkey", join(folder, "ca.key")];
  const serial = ["-CAserial", join(folder, "serial"), "-CAcreateserial"];
  const output = ["-extfile", extensionFile, "-out", join(folder, `${name}.crt`)];
  const signing = ["-in", request, "-sha256", "-days", `${days}`];
  await openssl(["x509", "-req", ...signing, ...authority, ...serial, ...output], host);
}
