import { rootCertificates } from "node:tls";
import { type ChannelCredentials, experimental, type ServerCredentials } from "@grpc/grpc-js";
import { checkIdentity, checksIpTargets } from "../ip-targets.ts";
import { RotatingCertificates, type RotationOptions } from "./rotating-certificates.ts";

/** Paths of PEM files. */
export interface ServerTlsFiles {
  /** Certificate chain: the certificate, followed by intermediate certificates. */
  readonly cert: string;
  /** Private key of `cert`. */
  readonly key: string;
  /** CA of client certificates. Setting it requires clients to present one (mutual TLS). */
  readonly clientCa?: string | undefined;
}

/** Paths of PEM files. */
export interface ChannelTlsFiles {
  /** CA of server certificates. Default: the CAs that Node trusts. */
  readonly ca?: string | undefined;
  /** Certificate chain, presented to servers that request it (mutual TLS). */
  readonly cert?: string | undefined;
  /** Private key of `cert`. */
  readonly key?: string | undefined;
}

/**
 * Server credentials that are reloaded when their files change. New connections use the new files;
 * open connections stay as they are.
 *
 * @throws Error with a one-line message when a file cannot be read or used, or has expired.
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
    // The identity comes first, despite the names of the parameters in grpc-js.
    certificates,
    mutual ? certificates : null,
    mutual,
  );
}

/**
 * Channel credentials that are reloaded when their files change. New connections use the new files;
 * open connections stay as they are.
 *
 * @throws Error with a one-line message when a file cannot be read or used, or has expired.
 */
export async function rotatingChannelCredentials(
  files: ChannelTlsFiles,
  options?: RotationOptions,
): Promise<ChannelCredentials> {
  const certificates = await RotatingCertificates.read(files, options);
  const credentials = experimental.createCertificateProviderChannelCredentials(
    files.ca === undefined ? wellKnownAuthorities : certificates,
    files.cert === undefined ? null : certificates,
    { checkServerIdentity: checkIdentity },
  );
  return checksIpTargets(credentials);
}

/** The CAs that Node trusts; they never change while the process runs. */
const wellKnownAuthorities: experimental.CertificateProvider = {
  addCaCertificateListener: (listener) => {
    process.nextTick(listener, { caCertificate: Buffer.from(rootCertificates.join("\n")) });
  },
  removeCaCertificateListener: () => {},
  addIdentityCertificateListener: () => {},
  removeIdentityCertificateListener: () => {},
};
