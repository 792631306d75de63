import { rootCertificates } from "node:tls";
import { type ChannelCredentials, experimental, type ServerCredentials } from "@grpc/grpc-js";
import { RotatingCertificates, type RotationOptions } from "./rotating-certificates.ts";

/** Paths of PEM files. */
export interface ServerTlsFiles {
  /** Certificate, followed by those that lead to its authority. */
  readonly cert: string;
  /** Private key of `cert`. */
  readonly key: string;
  /** When set, clients must present a certificate that it has signed (mutual TLS). */
  readonly clientCa?: string | undefined;
}

/** Paths of PEM files. */
export interface ChannelTlsFiles {
  /** Has signed the certificates of trusted servers; by default the authorities that Node knows. */
  readonly ca?: string | undefined;
  /** Presented to servers that ask for it (mutual TLS). */
  readonly cert?: string | undefined;
  /** Private key of `cert`. */
  readonly key?: string | undefined;
}

/**
 * Credentials of a server that follow their files: new connections use the files as they are then,
 * open ones stay as they are.
 *
 * @throws Error in one line when a file cannot be read or used, or has expired.
 *
 * @example
 * ```ts
 * await server.listen(address, await rotatingServerCredentials({ cert, key }));
 * ```
 */
export async function rotatingServerCredentials(
  files: ServerTlsFiles,
  options?: RotationOptions,
): Promise<ServerCredentials> {
  const { cert, key, clientCa } = files;
  const certificates = await RotatingCertificates.read({ cert, key, ca: clientCa }, options);
  const mutual = clientCa !== undefined;
  return experimental.createCertificateProviderServerCredentials(
    // The identity comes first, whatever grpc-js calls its parameters.
    certificates,
    mutual ? certificates : null,
    mutual,
  );
}

/**
 * Credentials of a channel that follow their files: new connections use the files as they are then,
 * open ones stay as they are.
 *
 * @throws Error in one line when a file cannot be read or used, or has expired.
 */
export async function rotatingChannelCredentials(
  files: ChannelTlsFiles,
  options?: RotationOptions,
): Promise<ChannelCredentials> {
  const certificates = await RotatingCertificates.read(files, options);
  return experimental.createCertificateProviderChannelCredentials(
    files.ca === undefined ? wellKnownAuthorities : certificates,
    files.cert === undefined ? null : certificates,
  );
}

/** Never changes while the process runs. */
const wellKnownAuthorities: experimental.CertificateProvider = {
  addCaCertificateListener: (listener) => {
    process.nextTick(listener, { caCertificate: Buffer.from(rootCertificates.join("\n")) });
  },
  removeCaCertificateListener: () => {},
  addIdentityCertificateListener: () => {},
  removeIdentityCertificateListener: () => {},
};
