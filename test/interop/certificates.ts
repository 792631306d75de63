import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCertificates } from "../../src/commands/certs/create-certificates.ts";

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

const scratch = fileURLToPath(new URL("../.tmp", import.meta.url));

/**
 * The development certificates of this checkout, made as `grpc-service certs` makes them when
 * they are missing: programs that run apart trust each other.
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
    const { signal } = new AbortController();
    await createCertificates(working, { env: process.env, signal });
    // In one go, and never mixed with those of a second program that does the same.
    await rename(working, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(working, { recursive: true, force: true });
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
