import type { PeerCertificate as TlsCertificate } from "node:tls";

/** The certificate of a caller, verified by mutual TLS. */
export interface PeerCertificate {
  /** Common name of the subject; undefined if it has none. */
  readonly commonName: string | undefined;
  /** Subject alternative names with their types, such as `DNS:shop.internal` or `URI:spiffe://...`. */
  readonly altNames: readonly string[];
  /** SHA-256 of the certificate: bytes in upper-case hexadecimal with colons. */
  readonly fingerprint: string;
  readonly serialNumber: string;
  /** The certificate in DER. */
  readonly der: Buffer;
}

/** @param certificate as Node describes it: undefined or an empty object if the caller sent none */
export function peerCertificate(
  certificate: TlsCertificate | undefined,
): PeerCertificate | undefined {
  if (certificate?.raw === undefined) return undefined;
  const { subject, subjectaltname = "", fingerprint256, serialNumber, raw } = certificate;
  const { CN: commonName } = subject;
  return {
    // Several are possible by the standard, and make no single name.
    commonName: typeof commonName === "string" ? commonName : undefined,
    altNames: altNamesIn(subjectaltname),
    fingerprint: fingerprint256,
    serialNumber,
    der: raw,
  };
}

/**
 * Splits the names. Node quotes a value as JSON when it holds a comma or a quote, so that no name can
 * pass for several (CVE-2021-44532).
 */
function altNamesIn(text: string): string[] {
  return [...text.matchAll(/([^:,\s][^:,]*):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, type = "", value = ""]) => `${type}:${value.startsWith('"') ? unquoted(value) : value}`,
  );
}

function unquoted(value: string): string {
  const text: unknown = JSON.parse(value);
  return String(text);
}
