import { type Address, isLocal } from "./address.ts";

/** Absolute paths of PEM files. */
export interface TlsFiles {
  /** Undefined: the authorities that Node.js trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How TLS is spoken. */
export interface TlsSettings extends TlsFiles {
  /** Name that the certificate must have, instead of the host. */
  readonly serverName: string | undefined;
  /** False: any certificate will do. */
  readonly verified: boolean;
}

/** How to reach a server. */
export interface ConnectionSettings {
  /** As grpc-js takes it. */
  readonly target: string;
  /** Undefined: plain text. */
  readonly tls: TlsSettings | undefined;
  readonly authority?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly connectTimeoutMs: number;
  readonly waitForReady: boolean;
  readonly keepaliveMs?: number | undefined;
}

export const defaultConnectTimeoutMs = 10_000;

/** Reaches a server of which only the address is known. Other machines are called with TLS. */
export function connectionTo({ target, tls = !isLocal(target) }: Address): ConnectionSettings {
  return {
    target,
    tls: tls ? { serverName: undefined, verified: true } : undefined,
    connectTimeoutMs: defaultConnectTimeoutMs,
    waitForReady: false,
  };
}
