import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const directory = "certs";
const validDays = "365";
const subject = "/C=KR/ST=Seoul/L=Seoul/O=Development/CN=";
const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** On Windows git brings openssl along, but not always on the PATH. */
const programs = ["openssl", "C:\\Program Files\\Git\\usr\\bin\\openssl.exe"];

/** @throws Error with what openssl says, or with where to get it. */
async function openssl(...args: string[]): Promise<void> {
  for (const program of programs) {
    try {
      await promisify(execFile)(program, args);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  throw new Error(
    "openssl was not found. Linux: install the package openssl; Windows: install git, which has it.",
  );
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
  const output = ["-keyout", join(scratch, "ca.key"), "-out", join(scratch, "ca.crt")];
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
  const key = join(scratch, `${name}.key`);
  const config = join(scratch, "authority.cnf");
  const named = ["-subj", `${subject}${commonName}`, "-config", config];
  await openssl("req", "-new", "-sha256", ...curve, ...named, "-keyout", key, "-out", request);
  const authority = ["-CA", join(scratch, "ca.crt"), "-CAkey", join(scratch, "ca.key")];
  const serial = ["-CAserial", join(scratch, "serial"), "-CAcreateserial"];
  const output = ["-extfile", extensionFile, "-out", join(scratch, `${name}.crt`)];
  const signing = ["-in", request, "-sha256", "-days", validDays];
  await openssl("x509", "-req", ...signing, ...authority, ...serial, ...output);
}

/** Puts a certificate and its key, made in `scratch`, where they belong. */
async function install(scratch: string, name: string): Promise<void> {
  for (const file of [`${name}.key`, `${name}.crt`]) {
    const target = join(directory, file);
    await rm(target, { force: true }); // a copy would keep the mode of a file that is there
    await copyFile(join(scratch, file), target);
  }
  await chmod(join(directory, `${name}.key`), 0o600);
  console.log(`${directory}/${name}.crt  ${directory}/${name}.key`);
}

/**
 * Makes the certificates for TLS and mutual TLS on this machine, in certs/: an authority, and a
 * server and a client that it vouches for. For development only; existing files are replaced, all
 * of them or none.
 */
async function main(): Promise<void> {
  process.umask(0o077); // private keys are nobody else's, from the first byte
  const scratch = await mkdtemp(join(tmpdir(), "certs-"));
  try {
    await createAuthority(scratch);
    const hosts = "subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1";
    const use = `extendedKeyUsage = serverAuth\n${hosts}`;
    await createCertificate(scratch, "server", "localhost", use);
    await createCertificate(scratch, "client", "demo-client", "extendedKeyUsage = clientAuth");
    await mkdir(directory, { recursive: true });
    for (const name of ["ca", "server", "client"]) await install(scratch, name);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
