import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import type { ClientTlsConfig, KeyPairFiles, ServerTlsConfig } from "../../src/config/tls.ts";
import { reason } from "../../src/reason.ts";
import { type Finding, failure, ok, skipped, warning } from "./check.ts";

const dayMs = 86_400_000;
const soonMs = 30 * dayMs;

/** The certificates that server and client are set to use. */
export interface TlsFiles {
  readonly server: ServerTlsConfig | undefined;
  readonly client: ClientTlsConfig | undefined;
  /** The name, without a port, by which clients call the server. */
  readonly host: string;
}

/** Validity, names, keys and their permissions, and who vouches for whom. */
export function checkCertificates({ server, client, host }: TlsFiles, now: Date): Finding[] {
  const findings: Finding[] = [];
  if (server !== undefined) {
    findings.push(...checkPair(server, now, (cert) => checkServerName(server, cert, host)));
    if (client !== undefined) findings.push(...checkIssuer(server.cert, client.ca));
    if (server.clientCa !== undefined && client?.identity !== undefined) {
      findings.push(...checkIssuer(client.identity.cert, server.clientCa));
    }
  }
  if (client?.identity !== undefined) findings.push(...checkPair(client.identity, now, () => []));
  return findings.length > 0 ? findings : [skipped("no TLS configured")];
}

function checkPair(
  { cert, key }: KeyPairFiles,
  now: Date,
  more: (certificate: X509Certificate) => Finding[],
): Finding[] {
  try {
    const certificate = new X509Certificate(readFileSync(cert));
    const findings = [
      ...checkDates(cert, certificate, now),
      ...more(certificate),
      ...checkKey(key, cert, certificate),
    ];
    if (findings.length > 0) return findings;
    return [ok(`${cert} holds until ${certificate.validTo}`)];
  } catch (error) {
    return [failure(`${cert}, ${key}: ${reason(error)}`, remedy)];
  }
}

const remedy = "for development: make new ones with the script `certs`";

function checkDates(path: string, { validFrom, validTo }: X509Certificate, now: Date): Finding[] {
  const leftMs = Date.parse(validTo) - now.getTime();
  if (leftMs <= 0) return [failure(`${path} has expired: ${validTo}`, remedy)];
  if (Date.parse(validFrom) > now.getTime()) {
    return [failure(`${path} holds from ${validFrom} only`, "is the clock of this machine right?")];
  }
  return leftMs < soonMs
    ? [warning(`${path} expires in ${Math.ceil(leftMs / dayMs)} days`, remedy)]
    : [];
}

/** Clients look at the subject alternative names alone. */
function checkServerName({ cert }: KeyPairFiles, found: X509Certificate, host: string): Finding[] {
  const names = found.subjectAltName;
  if (names === undefined) return [failure(`${cert} has no subject alternative name`, remedy)];
  const bare = host.replace(/^\[|\]$/g, "");
  const holds = isIP(bare) > 0 ? found.checkIP(bare) : found.checkHost(bare);
  return holds === undefined ? [failure(`${cert} is for ${names}, not for ${bare}`, remedy)] : [];
}

function checkKey(path: string, cert: string, certificate: X509Certificate): Finding[] {
  const findings: Finding[] = [];
  if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(path)))) {
    findings.push(failure(`${path} is not the key of ${cert}`, remedy));
  }
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    findings.push(failure(`others on this machine can read ${path}`, `chmod 600 ${path}`));
  }
  return findings;
}

function checkIssuer(cert: string, ca: string): Finding[] {
  try {
    const certificate = new X509Certificate(readFileSync(cert));
    const authority = new X509Certificate(readFileSync(ca));
    if (certificate.checkIssued(authority) && certificate.verify(authority.publicKey)) return [];
    return [failure(`${cert} was not signed by ${ca}`, remedy)];
  } catch (error) {
    return [failure(`${ca}: ${reason(error)}`, remedy)];
  }
}
