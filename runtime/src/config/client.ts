import { type AuthConfig, readAuthConfig } from "./auth.ts";
import type { EnvReader } from "./env-reader.ts";
import { type Environment, readEnvironmentName } from "./environment.ts";
import type { ServiceInfo } from "./service-info.ts";
import { type ClientTlsConfig, readClientTls } from "./tls.ts";

/** Settings of a client of a service, such as its demo client and its health check. */
export interface ClientConfig {
  readonly environment: Environment;
  /** Address of the server, `host:port`. */
  readonly address: string;
  /** Undefined: plain text. */
  readonly tls: ClientTlsConfig | undefined;
  /**
   * Token to send. If it is undefined and calls need one, a token is signed with the secret in
   * `auth`, if any.
   */
  readonly token: string | undefined;
  readonly auth: AuthConfig;
}

/** Reads every setting of a client. Problems are collected in `env`. */
export function readClientConfig(env: EnvReader, service: ServiceInfo): ClientConfig {
  const environment = readEnvironmentName(env);
  const auth = readAuthConfig(env, service);
  env.section("Demo client");
  const server = env.address(
    "SERVER_ADDRESS",
    "Server address. Default: localhost with the port of ADDRESS.",
    undefined,
  );
  const token = env.text(
    "CLIENT_TOKEN",
    "Token to send. Default: a token signed with AUTH_JWT_SECRET.",
    undefined,
  );
  const tls = readClientTls(env);
  const own = env.address("ADDRESS", "Address to listen on.", "127.0.0.1:50051");
  const address = server ?? own.replace(/^.*:/, "localhost:");
  return { environment, address, tls, token, auth };
}
