import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import type { ClientTlsConfig, KeyPairFiles, ServerTlsConfig } from "grpc-service/config";
import { counted } from "../../../terminal/counted.ts";
import { reason } from "../../project/reason.ts";
import { type Finding, failure, ok, skipped, warning } from "../finding.ts";

const dayMs = 86_400_000;
const soonMs = 30 * dayMs;
const remedy = "for development, create new ones: npx grpc-service certs";

/** The TLS files that server and client use. */
export interface TlsFiles {
  /** Folder that relative paths start from. */
  readonly root: string;
  readonly server: ServerTlsConfig | undefined;
  readonly client: ClientTlsConfig | undefined;
  /** Host name or IP address by which clients call the server. */
  readonly host: string;
}

/** Checks dates, names, keys and their permissions, and which authority signed which certificate. */
export function checkCertificates({ root, server, client, host }: TlsFiles, now: Date): Finding[] {
  const at = (path: string) => resolve(root, path);
  const findings: Finding[] = [];
  if (server !== undefined) {
    findings.push(...checkPair(at, server, now, (cert) => checkServerName(server, cert, host)));
    if (client !== undefined) findings.push(...checkIssuer(at, server.cert, client.ca));
    if (server.clientCa !== undefined && client?.identity !== undefined) {
      findings.push(...checkIssuer(at, client.identity.cert, server.clientCa));
    }
  }
  if (client?.identity !== undefined) {
    findings.push(...checkPair(at, client.identity, now, () => []));
  }
  return findings.length > 0 ? findings : [skipped("TLS is not configured")];
}

/** Absolute path of a file in the settings. */
type PathOf = (path: string) => string;

function checkPair(
  at: PathOf,
  { cert, key }: KeyPairFiles,
  now: Date,
  checkMore: (certificate: X509Certificate) => Finding[],
): Finding[] {
  try {
    const certificate = new X509Certificate(readFileSync(at(cert)));
    const findings = [
      ...checkDates(cert, certificate, now),
      ...checkMore(certificate),
      ...checkKey(at, { cert, key }, certificate),
    ];
    if (findings.length > 0) return findings;
    return [ok(`${cert} is valid until ${certificate.validTo}`)];
  } catch (error) {
    return [failure(`${cert}, ${key}: ${reason(error)}`, remedy)];
  }
}

function checkDates(path: string, { validFrom, validTo }: X509Certificate, now: Date): Finding[] {
  const leftMs = Date.parse(validTo) - now.getTime();
  if (leftMs <= 0) return [failure(`${path} expired on ${validTo}`, remedy)];
  if (Date.parse(validFrom) > now.getTime()) {
    return [failure(`${path} is not valid before ${validFrom}`, "check the clock of this machine")];
  }
  return leftMs < soonMs
    ? [warning(`${path} expires in ${counted(Math.ceil(leftMs / dayMs), "day")}`, remedy)]
    : [];
}

/** Clients compare the subject alternative names only. */
function checkServerName({ cert }: KeyPairFiles, found: X509Certificate, host: string): Finding[] {
  const names = found.subjectAltName;
  if (names === undefined) return [failure(`${cert} has no subject alternative name`, remedy)];
  const bare = host.replace(/^\[|\]$/g, "");
  const matching = isIP(bare) > 0 ? found.checkIP(bare) : found.checkHost(bare);
  return matching === undefined
    ? [failure(`${cert} is for ${names}, not for ${bare}`, remedy)]
    : [];
}

function checkKey(
  at: PathOf,
  { cert, key }: KeyPairFiles,
  certificate: X509Certificate,
): Finding[] {
  const findings: Finding[] = [];
  if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(at(key))))) {
    findings.push(failure(`${key} is not the key of ${cert}`, remedy));
  }
  if (process.platform !== "win32" && (statSync(at(key)).mode & 0o077) !== 0) {
    findings.push(failure(`other users of this machine can read ${key}`, `chmod 600 ${key}`));
  }
  return findings;
}

function checkIssuer(at: PathOf, cert: string, ca: string): Finding[] {
  try {
    const certificate = new X509Certificate(readFileSync(at(cert)));
    const authority = new X509Certificate(readFileSync(at(ca)));
    if (certificate.checkIssued(authority) && certificate.verify(authority.publicKey)) return [];
    return [failure(`${cert} was not signed by ${ca}`, remedy)];
  } catch (error) {
    return [failure(`${ca}: ${reason(error)}`, remedy)];
  }
}
