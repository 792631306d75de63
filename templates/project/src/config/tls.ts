import type { EnvReader } from "./env-reader.ts";

/** Paths of a PEM certificate (chain) and its private key. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

export interface ServerTlsConfig extends KeyPairFiles {
  /** When set, clients must present a certificate signed by it (mutual TLS). */
  readonly clientCa: string | undefined;
}

export interface ClientTlsConfig {
  /** Signs the certificates of servers that the client trusts. */
  readonly ca: string;
  /** Presented to servers that ask for it (mutual TLS). */
  readonly identity: KeyPairFiles | undefined;
}

export function readServerTls(env: EnvReader): ServerTlsConfig | undefined {
  const identity = readKeyPair(env, "TLS_CERT_FILE", "TLS_KEY_FILE");
  const clientCa = env.text("TLS_CLIENT_CA_FILE");
  if (identity !== undefined) return { ...identity, clientCa };
  if (clientCa !== undefined)
    env.reject("TLS_CLIENT_CA_FILE", "needs TLS_CERT_FILE and TLS_KEY_FILE");
  return undefined;
}

export function readClientTls(env: EnvReader): ClientTlsConfig | undefined {
  const identity = readKeyPair(env, "CLIENT_CERT_FILE", "CLIENT_KEY_FILE");
  const ca = env.text("CLIENT_CA_FILE");
  if (ca !== undefined) return { ca, identity };
  if (identity !== undefined) env.reject("CLIENT_CERT_FILE", "needs CLIENT_CA_FILE");
  return undefined;
}

function readKeyPair(env: EnvReader, certName: string, keyName: string): KeyPairFiles | undefined {
  const cert = env.text(certName);
  const key = env.text(keyName);
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert !== undefined) env.reject(keyName, `must be set too when ${certName} is`);
  if (key !== undefined) env.reject(certName, `must be set too when ${keyName} is`);
  return undefined;
}
