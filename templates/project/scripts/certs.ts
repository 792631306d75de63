import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const directory = "certs";
const validDays = "365";
const subject = "/C=KR/ST=Seoul/L=Seoul/O=Development/CN=";
const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function openssl(...args: string[]): Promise<void> {
  await promisify(execFile)("openssl", args);
}

async function createAuthority(scratch: string): Promise<void> {
  const config = join(scratch, "authority.cnf");
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
  const output = ["-keyout", join(directory, "ca.key"), "-out", join(directory, "ca.crt")];
  const name = ["-subj", `${subject}Development CA`, "-config", config];
  await openssl("req", "-x509", "-sha256", "-days", validDays, ...curve, ...name, ...output);
}

async function createCertificate(
  scratch: string,
  name: string,
  commonName: string,
  extensions: string,
): Promise<void> {
  const request = join(scratch, `${name}.csr`);
  const extensionFile = join(scratch, `${name}.ext`);
  await writeFile(extensionFile, `basicConstraints = CA:FALSE\n${extensions}\n`);
  const key = join(directory, `${name}.key`);
  const config = join(scratch, "authority.cnf");
  const named = ["-subj", `${subject}${commonName}`, "-config", config];
  await openssl("req", "-new", "-sha256", ...curve, ...named, "-keyout", key, "-out", request);
  const authority = ["-CA", join(directory, "ca.crt"), "-CAkey", join(directory, "ca.key")];
  const serial = ["-CAserial", join(scratch, "serial"), "-CAcreateserial"];
  const output = ["-extfile", extensionFile, "-out", join(directory, `${name}.crt`)];
  const signing = ["-in", request, "-sha256", "-days", validDays];
  await openssl("x509", "-req", ...signing, ...authority, ...serial, ...output);
}

/**
 * Makes the certificates for TLS and mutual TLS on this machine, in certs/: an authority, and a
 * server and a client that it vouches for. For development only; existing files are replaced.
 */
async function main(): Promise<void> {
  process.umask(0o077); // private keys are nobody else's, from the first byte
  await mkdir(directory, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), "certs-"));
  try {
    await createAuthority(scratch);
    const hosts = "subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1";
    await createCertificate(
      scratch,
      "server",
      "localhost",
      `extendedKeyUsage = serverAuth\n${hosts}`,
    );
    await createCertificate(scratch, "client", "demo-client", "extendedKeyUsage = clientAuth");
  } finally {
    await rm(scratch, { recursive: true });
  }
  for (const name of ["ca", "server", "client"]) {
    await chmod(join(directory, `${name}.key`), 0o600);
    console.log(`${directory}/${name}.crt  ${directory}/${name}.key`);
  }
}

main().catch((error: NodeJS.ErrnoException) => {
  console.error(
    error.code === "ENOENT" ? "openssl was not found: install it first" : error.message,
  );
  process.exitCode = 1;
});
