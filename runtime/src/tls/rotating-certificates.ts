import type { experimental } from "@grpc/grpc-js";
import { timerMs } from "../deadline.ts";
import {
  type CertificateFiles,
  type Certificates,
  readCertificates,
  sameCertificates,
} from "./certificates.ts";

/** How TLS files are watched for changes. */
export interface RotationOptions {
  /** Milliseconds between two reads of the files. Default: 10 000. */
  readonly refreshMs?: number;
  /**
   * Called once if changed files cannot be used; the old ones stay in use. Default: writes to
   * stderr.
   */
  readonly onError?: (error: Error) => void;
  /** Stops reading the files. Reading does not keep the process alive. */
  readonly signal?: AbortSignal;
}

type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;

/**
 * Certificates that are reloaded when their files change. Files are compared by content, which
 * works however they are replaced (in place, by rename, by the symbolic links of Kubernetes). Only
 * a matching set is used: a new certificate has no effect until its key is there.
 *
 * The interface is grpc-js' own. Its implementation in grpc-js drops connections while files do not
 * match.
 */
export class RotatingCertificates implements experimental.CertificateProvider {
  readonly #files: CertificateFiles;
  readonly #options: RotationOptions;
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  #current: Certificates;
  #lastProblem = "";
  #timer: NodeJS.Timeout | undefined;

  private constructor(files: CertificateFiles, options: RotationOptions, current: Certificates) {
    this.#files = files;
    this.#options = options;
    this.#current = current;
  }

  /** @throws Error with a one-line message when a file cannot be read or used, or has expired. */
  static async read(
    files: CertificateFiles,
    options: RotationOptions = {},
  ): Promise<RotatingCertificates> {
    const certificates = new RotatingCertificates(files, options, await readCertificates(files));
    options.signal?.addEventListener("abort", () => clearTimeout(certificates.#timer));
    certificates.#schedule();
    return certificates;
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    // Later, as grpc-js expects: its state is not ready yet.
    process.nextTick(() => this.#notifyCa(listener));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    process.nextTick(() => this.#notifyIdentity(listener));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
  }

  #schedule(): void {
    const { signal, refreshMs = 10_000 } = this.#options;
    if (signal?.aborted === true) return;
    this.#timer = setTimeout(() => void this.#refresh(), timerMs(refreshMs)).unref();
  }

  async #refresh(): Promise<void> {
    try {
      this.#use(await readCertificates(this.#files));
      this.#lastProblem = "";
    } catch (error) {
      this.#report(error instanceof Error ? error : new Error(String(error)));
    }
    this.#schedule();
  }

  #use(certificates: Certificates): void {
    if (sameCertificates(certificates, this.#current)) return;
    this.#current = certificates;
    for (const listener of this.#identityListeners) this.#notifyIdentity(listener);
    for (const listener of this.#caListeners) this.#notifyCa(listener);
  }

  #report(error: Error): void {
    if (error.message === this.#lastProblem || this.#options.signal?.aborted === true) return;
    this.#lastProblem = error.message;
    (this.#options.onError ?? logError)(error);
  }

  #notifyCa(listener: CaListener): void {
    const { ca } = this.#current;
    listener(ca === undefined ? null : { caCertificate: ca });
  }

  #notifyIdentity(listener: IdentityListener): void {
    const { identity } = this.#current;
    listener(
      identity === undefined ? null : { certificate: identity.cert, privateKey: identity.key },
    );
  }
}

function logError(error: Error): void {
  console.error(`TLS files were not reloaded: ${error.message}`);
}
