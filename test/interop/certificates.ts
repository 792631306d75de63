import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** PEM files of one authority and of what it vouches for: a server `localhost`, and a client. */
export interface Certificates {
  readonly authority: Buffer;
  readonly server: KeyPair;
  readonly client: KeyPair;
}

export interface KeyPair {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

const script = fileURLToPath(new URL("../../templates/project/scripts/certs.ts", import.meta.url));
const scratch = fileURLToPath(new URL("../.tmp", import.meta.url));

/**
 * The development certificates of this checkout, made by the script of emitted projects when they
 * are missing: programs that run apart trust each other.
 */
export async function developmentCertificates(): Promise<Certificates> {
  // They are good for a year: those of another month are left behind.
  const folder = join(scratch, `interop-certs-${new Date().toISOString().slice(0, 7)}`);
  if (!existsSync(folder)) await makeCertificates(folder);
  return readCertificates(folder);
}

async function makeCertificates(folder: string): Promise<void> {
  await mkdir(scratch, { recursive: true });
  const working = await mkdtemp(join(scratch, "certs-"));
  try {
    const command = ["--import", import.meta.resolve("tsx"), script];
    await promisify(execFile)(process.execPath, command, { cwd: working });
    // In one go, and never mixed with those of a second program that does the same.
    await rename(join(working, "certs"), folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(working, { recursive: true });
  }
}

async function readCertificates(folder: string): Promise<Certificates> {
  return {
    authority: await readFile(join(folder, "ca.crt")),
    server: await readKeyPair(join(folder, "server.crt"), join(folder, "server.key")),
    client: await readKeyPair(join(folder, "client.crt"), join(folder, "client.key")),
  };
}

/** Reads a certificate and its key. */
export async function readKeyPair(certificate: string, key: string): Promise<KeyPair> {
  return { certificate: await readFile(certificate), key: await readFile(key) };
}
