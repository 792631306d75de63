import { type AuthConfig, readAuthConfig } from "../config/auth.ts";
import { EnvReader } from "../config/env-reader.ts";
import { type ClientTlsConfig, readClientTls } from "../config/tls.ts";

/** Settings of a client of this service, such as the demo client and the health check. */
export interface ClientConfig {
  readonly address: string;
  /** Undefined: no TLS. */
  readonly tls: ClientTlsConfig | undefined;
  /** Sent as it is; undefined: one is signed with `auth`, when calls need one and that holds a secret. */
  readonly token: string | undefined;
  readonly auth: AuthConfig;
}

/** @throws ConfigError that names every variable that is missing or wrong. */
export function loadClientConfig(variables: NodeJS.ProcessEnv): ClientConfig {
  const env = new EnvReader(variables);
  const config = readClientConfig(env);
  env.finish();
  return config;
}

/** Reads every setting of a client; what is wrong with them, `env` knows. */
export function readClientConfig(env: EnvReader): ClientConfig {
  const auth = readAuthConfig(env);
  env.section("The demo client");
  const server = env.address(
    "SERVER_ADDRESS",
    "whom it calls: localhost and the port of ADDRESS, unless set",
    undefined,
  );
  const token = env.text(
    "CLIENT_TOKEN",
    "its token: one signed with AUTH_JWT_SECRET, unless set",
    undefined,
  );
  const tls = readClientTls(env);
  const own = env.address("ADDRESS", "where the server listens", "127.0.0.1:50051");
  return { address: server ?? own.replace(/^.*:/, "localhost:"), tls, token, auth };
}
