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
  env.section("TLS of the server; `make certs` makes what it takes, in certs/");
  const identity = keyPair(
    env,
    [
      "TLS_CERT_FILE",
      env.text("TLS_CERT_FILE", "certificate chain (certs/server.crt): speaks TLS", undefined),
    ],
    ["TLS_KEY_FILE", env.text("TLS_KEY_FILE", "private key of it (certs/server.key)", undefined)],
  );
  const clientCa = env.text(
    "TLS_CLIENT_CA_FILE",
    "authority of clients' certificates (certs/ca.crt): asks for them (mutual TLS)",
    undefined,
  );
  if (identity !== undefined) return { ...identity, clientCa };
  if (clientCa !== undefined) {
    env.reject("TLS_CLIENT_CA_FILE", "needs TLS_CERT_FILE and TLS_KEY_FILE");
  }
  return undefined;
}

export function readClientTls(env: EnvReader): ClientTlsConfig | undefined {
  const ca = env.text(
    "CLIENT_CA_FILE",
    "authority that it trusts (certs/ca.crt): speaks TLS",
    undefined,
  );
  const identity = keyPair(
    env,
    [
      "CLIENT_CERT_FILE",
      env.text("CLIENT_CERT_FILE", "certificate for mutual TLS (certs/client.crt)", undefined),
    ],
    [
      "CLIENT_KEY_FILE",
      env.text("CLIENT_KEY_FILE", "private key of it (certs/client.key)", undefined),
    ],
  );
  if (ca !== undefined) return { ca, identity };
  if (identity !== undefined) env.reject("CLIENT_CERT_FILE", "needs CLIENT_CA_FILE");
  return undefined;
}

type NamedFile = readonly [name: string, path: string | undefined];

function keyPair(
  env: EnvReader,
  [certName, cert]: NamedFile,
  [keyName, key]: NamedFile,
): KeyPairFiles | undefined {
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert !== undefined) env.reject(keyName, `must be set too when ${certName} is`);
  if (key !== undefined) env.reject(certName, `must be set too when ${keyName} is`);
  return undefined;
}
