import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp } from "./echo.ts";

export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** Paths of a certificate and its key. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

interface CertificateOptions {
  /** Days for which it is valid from now on. Negative: it has expired. Default: 2. */
  readonly days?: number;
  /** Names that it is valid for. Default: those of this machine. */
  readonly hosts?: string;
}

/** A certificate authority in a directory of its own, gone after the test. */
export class Authority {
  readonly directory = mkdtempSync(join(tmpdir(), "test-tls-"));
  readonly ca = this.file("ca.crt");

  constructor() {
    cleanUp(() => rmSync(this.directory, { recursive: true }));
    const key = this.file("ca.key");
    this.#openssl("req", "-x509", "-days", "2", ...newKey(key), "-out", this.ca, ...subject("ca"));
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  /** Issues a certificate; `commonName` distinguishes it from others. */
  issue(name: string, commonName: string, options: CertificateOptions = {}): KeyPair {
    const { days = 2, hosts = "DNS:localhost,IP:127.0.0.1" } = options;
    const pair = { cert: this.file(`${name}.crt`), key: this.file(`${name}.key`) };
    const request = this.file(`${name}.csr`);
    const extensions = this.file(`${name}.ext`);
    writeFileSync(extensions, `subjectAltName=${hosts}`);
    this.#openssl("req", "-new", ...newKey(pair.key), "-out", request, ...subject(commonName));
    const signer = ["-CA", this.ca, "-CAkey", this.file("ca.key"), "-CAcreateserial"];
    const signing = [...signer, "-days", String(days), "-extfile", extensions, "-out", pair.cert];
    this.#openssl("x509", "-req", "-in", request, ...signing);
    return pair;
  }

  #openssl(...parameters: string[]): void {
    execFileSync("openssl", parameters, { cwd: this.directory, stdio: "pipe" });
  }
}

/** Puts the files of one pair where another pair is. */
export function replace(target: KeyPair, source: KeyPair): void {
  renameSync(source.cert, target.cert);
  renameSync(source.key, target.key);
}

function newKey(path: string): string[] {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  return [...curve, "-keyout", path];
}

function subject(commonName: string): string[] {
  return ["-subj", `/CN=${commonName}`];
}
