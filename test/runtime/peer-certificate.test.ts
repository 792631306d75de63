import type { PeerCertificate as TlsCertificate } from "node:tls";
import { expect, test } from "vitest";
import { peerCertificate } from "../../runtime/src/peer-certificate.ts";

function namesIn(subjectaltname: string) {
  const certificate = { subject: {}, subjectaltname, raw: Buffer.alloc(1) };
  // As much of it as is read.
  return peerCertificate(certificate as unknown as TlsCertificate)?.altNames;
}

test.each([
  ["DNS:a, DNS:b", ["DNS:a", "DNS:b"]],
  [
    "IP Address:127.0.0.1, URI:spiffe://shop/orders",
    ["IP Address:127.0.0.1", "URI:spiffe://shop/orders"],
  ],
  ['DNS:"a, DNS:b", DNS:c', ["DNS:a, DNS:b", "DNS:c"]],
  ['URI:"http://a?b=\\"c, DNS:d"', ['URI:http://a?b="c, DNS:d']],
  ["", []],
])("names in %s", (text, names) => {
  expect(namesIn(text)).toEqual(names);
});

test("without a certificate there is none", () => {
  expect(peerCertificate(undefined)).toBeUndefined();
  // As Node describes one that was not sent.
  expect(peerCertificate({} as TlsCertificate)).toBeUndefined();
});
