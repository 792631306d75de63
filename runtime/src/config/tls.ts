import type { EnvReader } from "./env-reader.ts";

/** Paths of a PEM certificate (chain) and its private key. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/** TLS files of a server. */
export interface ServerTlsConfig extends KeyPairFiles {
  /** If set, clients must present a certificate signed by it (mutual TLS). */
  readonly clientCa: string | undefined;
}

/** TLS files of a client. */
export interface ClientTlsConfig {
  /** Authority of the server certificates that the client trusts. */
  readonly ca: string;
  /** Presented to servers that ask for it (mutual TLS). */
  readonly identity: KeyPairFiles | undefined;
}

/** Reads the TLS settings of a server. Problems are collected in `env`. */
export function readServerTls(env: EnvReader): ServerTlsConfig | undefined {
  env.section(
    "TLS of the server (`npx grpc-service certs` writes development certificates to certs/)",
  );
  const identity = keyPair(
    env,
    ["TLS_CERT_FILE", "Path to the certificate chain (certs/server.crt). Setting it enables TLS."],
    ["TLS_KEY_FILE", "Path to its private key (certs/server.key)."],
  );
  const clientCa = env.text(
    "TLS_CLIENT_CA_FILE",
    "Path to the authority of client certificates (certs/ca.crt). Setting it requires them (mutual TLS).",
    undefined,
  );
  if (identity !== undefined) return { ...identity, clientCa };
  if (clientCa !== undefined) {
    env.reject("TLS_CLIENT_CA_FILE", "needs TLS_CERT_FILE and TLS_KEY_FILE");
  }
  return undefined;
}

/** Reads the TLS settings of a client. Problems are collected in `env`. */
export function readClientTls(env: EnvReader): ClientTlsConfig | undefined {
  const ca = env.text(
    "CLIENT_CA_FILE",
    "Path to the authority of the server certificate (certs/ca.crt). Setting it enables TLS.",
    undefined,
  );
  const identity = keyPair(
    env,
    ["CLIENT_CERT_FILE", "Path to the client certificate for mutual TLS (certs/client.crt)."],
    ["CLIENT_KEY_FILE", "Path to its private key (certs/client.key)."],
  );
  if (ca !== undefined) return { ca, identity };
  if (identity !== undefined) env.reject("CLIENT_CERT_FILE", "needs CLIENT_CA_FILE");
  return undefined;
}

type PathSetting = readonly [name: string, about: string];

/** Reads the paths of a certificate and its key: both, or neither. */
function keyPair(env: EnvReader, cert: PathSetting, key: PathSetting): KeyPairFiles | undefined {
  const certFile = env.text(...cert, undefined);
  const keyFile = env.text(...key, undefined);
  if (certFile !== undefined && keyFile !== undefined) return { cert: certFile, key: keyFile };
  const [certName] = cert;
  const [keyName] = key;
  if (certFile !== undefined) env.reject(keyName, `must be set too when ${certName} is`);
  if (keyFile !== undefined) env.reject(certName, `must be set too when ${keyName} is`);
  return undefined;
}
