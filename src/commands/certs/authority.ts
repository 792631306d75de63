import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { reason } from "../project/reason.ts";

const dayMs = 86_400_000;
const names = { cert: "certs/ca.crt", key: "certs/ca.key" };

/** The certificate authority of a project. */
export interface Authority {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Whole days for which it is still valid: at least one. */
  readonly daysLeft: number;
}

/**
 * Reads the authority in certs/. Undefined if there is none.
 *
 * @throws UsageError when it is there and cannot sign certificates
 */
export function readAuthority(root: string): Authority | undefined {
  const found = Object.values(names).filter((path) => existsSync(join(root, path)));
  if (found.length === 0) return undefined;
  const missing = Object.values(names).find((path) => !found.includes(path));
  if (missing !== undefined) throw unusable(`${found[0]} is there, but not ${missing}`);
  const { cert, key, certificate, ownsKey } = readFiles(root);
  if (!certificate.ca) throw unusable(`${names.cert} is not a certificate authority`);
  if (!ownsKey) throw unusable(`${names.key} is not the key of ${names.cert}`);
  const daysLeft = Math.floor((Date.parse(certificate.validTo) - Date.now()) / dayMs);
  if (daysLeft < 1) throw unusable(`${names.cert} is valid until ${certificate.validTo} only`);
  return { cert, key, daysLeft };
}

function readFiles(root: string) {
  try {
    const [cert, key] = [readFileSync(join(root, names.cert)), readFileSync(join(root, names.key))];
    const certificate = new X509Certificate(cert);
    const ownsKey = certificate.checkPrivateKey(createPrivateKey(key));
    return { cert, key, certificate, ownsKey };
  } catch (error) {
    throw unusable(`${names.cert} and ${names.key} cannot be used: ${reason(error)}`);
  }
}

function unusable(problem: string): UsageError {
  return new UsageError(`${problem}; --force makes a new authority`);
}
