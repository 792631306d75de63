import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyCertPair } from "@grpc/grpc-js";

/** A certificate for localhost that has signed itself. */
export function selfSigned(): KeyCertPair {
  const folder = mkdtempSync(join(tmpdir(), "server-tls-"));
  const key = join(folder, "key.pem");
  const cert = join(folder, "cert.pem");
  try {
    execFileSync(
      "openssl",
      [
        ["req", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost"],
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
        ["-keyout", key, "-out", cert],
      ].flat(),
      { stdio: "pipe" },
    );
    return { private_key: readFileSync(key), cert_chain: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
