import { execFileSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp } from "../../support/echo.ts";

/** Paths of a certificate and its key. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority in a directory of its own, gone after the test. */
export class Authority {
  readonly directory = mkdtempSync(join(tmpdir(), "client-tls-"));
  readonly ca = this.file("ca.crt");

  constructor() {
    cleanUp(() => rmSync(this.directory, { recursive: true }));
    const key = this.file("ca.key");
    this.#openssl("req", "-x509", "-days", "2", ...newKey(key), "-out", this.ca, ...subject("ca"));
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  /** Issues a certificate for localhost; `commonName` tells it from others. */
  issue(name: string, commonName: string, ...validity: string[]): KeyPair {
    const pair = { cert: this.file(`${name}.crt`), key: this.file(`${name}.key`) };
    const request = this.file(`${name}.csr`);
    const extensions = this.file(`${name}.ext`);
    writeFileSync(extensions, "subjectAltName=DNS:localhost,IP:127.0.0.1");
    this.#openssl("req", "-new", ...newKey(pair.key), "-out", request, ...subject(commonName));
    const signer = ["-CA", this.ca, "-CAkey", this.file("ca.key"), "-CAcreateserial"];
    const period = validity.length === 0 ? ["-days", "2"] : validity;
    const signing = [...signer, ...period, "-extfile", extensions, "-out", pair.cert];
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
