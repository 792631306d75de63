import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { textOf } from "../error.ts";

/** Paths of PEM files. */
export interface CertificateFiles {
  /** Certificate chain: the certificate, followed by intermediate certificates. */
  readonly cert?: string | undefined;
  /** Private key of `cert`. */
  readonly key?: string | undefined;
  /** Certificate authorities (CAs) accepted for the other side's certificate. */
  readonly ca?: string | undefined;
}

/** The contents of the files. */
export interface Certificates {
  readonly identity: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly ca: Buffer | undefined;
}

/** @throws Error with a one-line message when a file cannot be read or used, or has expired. */
export async function readCertificates(files: CertificateFiles): Promise<Certificates> {
  const { cert, key, ca } = files;
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error(`a certificate needs its key: ${cert ?? key} stands alone`);
  }
  const certificates: Certificates = {
    identity:
      cert === undefined || key === undefined
        ? undefined
        : { cert: await readPem(cert), key: await readPem(key) },
    ca: ca === undefined ? undefined : await readPem(ca),
  };
  checkCertificates(files, certificates);
  return certificates;
}

export function sameCertificates(one: Certificates, other: Certificates): boolean {
  return (
    sameBytes(one.ca, other.ca) &&
    sameBytes(one.identity?.cert, other.identity?.cert) &&
    sameBytes(one.identity?.key, other.identity?.key)
  );
}

function sameBytes(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`cannot read the TLS file ${path}: ${textOf(cause)}`, { cause });
  }
}

function checkCertificates(files: CertificateFiles, { identity, ca }: Certificates): void {
  if (ca !== undefined) checkAuthorities(files.ca, ca);
  if (identity === undefined) return;
  requireComplete(files.cert, identity.cert);
  checkDates(files.cert, identity.cert);
  try {
    createSecureContext(identity);
  } catch (cause) {
    if (isMismatch(cause))
      throw new Error(`${files.key} is not the key of ${files.cert}`, { cause });
    throw new Error(`cannot use ${files.cert} with ${files.key}: ${textOf(cause)}`, { cause });
  }
}

/** What PEM files consist of. */
const blocks = /-----BEGIN ([^-]+)-----[^-]*-----END \1-----/g;
const certificate = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;

/**
 * OpenSSL takes the certificates before the one that is cut off.
 *
 * @throws Error for a file that is just being written
 */
function requireComplete(path: string | undefined, pem: Buffer): void {
  const others = pem.toString("latin1").replace(blocks, "");
  if (others.includes("-----BEGIN ")) throw new Error(`${path} is not complete`);
}

/** While authorities are replaced, old ones may have expired. */
function checkAuthorities(path: string | undefined, pem: Buffer): void {
  requireComplete(path, pem);
  const parts = (pem.toString("latin1").match(blocks) ?? []).filter((part) =>
    certificate.test(part),
  );
  const authorities = parts.length === 0 ? [pem] : parts.map((part) => Buffer.from(part));
  const [first, ...others] = authorities.map((part) => flawOfDates(parse(path, part)));
  if (first !== undefined && !others.includes(undefined)) throw new Error(`${path} ${first}`);
}

function checkDates(path: string | undefined, pem: Buffer): void {
  const flaw = flawOfDates(parse(path, pem));
  if (flaw !== undefined) throw new Error(`${path} ${flaw}`);
}

function flawOfDates({ validFrom, validTo }: X509Certificate): string | undefined {
  const now = Date.now();
  if (now > Date.parse(validTo)) return `expired on ${validTo}`;
  return now < Date.parse(validFrom) ? `is not valid before ${validFrom}` : undefined;
}

function parse(path: string | undefined, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Error(`${path} is not a certificate: ${textOf(cause)}`, { cause });
  }
}

function isMismatch(cause: unknown): boolean {
  return (
    cause instanceof Error && "code" in cause && cause.code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH"
  );
}
