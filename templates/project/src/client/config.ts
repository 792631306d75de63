import { type AuthConfig, readAuthConfig } from "../config/auth.ts";
import { EnvReader } from "../config/env-reader.ts";
import { type ClientTlsConfig, readClientTls } from "../config/tls.ts";

/** Settings of a client of this service, such as the demo client and the health check. */
export interface ClientConfig {
  readonly address: string;
  /** Undefined: no TLS. */
  readonly tls: ClientTlsConfig | undefined;
  /** Sent as it is; undefined: a token is signed with `auth`, when that holds a secret. */
  readonly token: string | undefined;
  readonly auth: AuthConfig;
}

/** @throws ConfigError that names every variable that is missing or wrong. */
export function loadClientConfig(variables: NodeJS.ProcessEnv): ClientConfig {
  const env = new EnvReader(variables);
  const port = /:(\d+)$/.exec(env.text("ADDRESS") ?? "")?.[1] ?? "50051";
  const config: ClientConfig = {
    address: env.address("SERVER_ADDRESS", `localhost:${port}`),
    tls: readClientTls(env),
    token: env.text("CLIENT_TOKEN"),
    auth: readAuthConfig(env),
  };
  env.finish();
  return config;
}
