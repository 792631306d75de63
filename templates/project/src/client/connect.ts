import { ChannelCredentials, type ChannelInterface } from "@grpc/grpc-js";
import type { ClientTlsConfig } from "../config/tls.ts";
import { readEnvironment } from "../config.ts";
import { type ClientOptions, createChannel } from "../gen/runtime/client/index.ts";
import type { ServiceDefinition } from "../gen/runtime/index.ts";
import { rotatingChannelCredentials } from "../gen/runtime/tls/index.ts";
import { type ClientConfig, loadClientConfig } from "./config.ts";
import { type ClientLayers, clientInterceptors } from "./interceptors/index.ts";
import { signToken } from "./token.ts";

/** One connection, shared by the clients of all services: `new XClient(channel, options)`. */
export interface Connection {
  readonly address: string;
  /** What is called through it. */
  readonly services: readonly ServiceDefinition[];
  readonly channel: ChannelInterface;
  /** For every client on this connection: its interceptors. */
  readonly options: ClientOptions;
  close(): void;
}

/**
 * Prepares a connection; the first call opens it.
 *
 * @param services what is called through it: methods that the proto declares safe to repeat are
 * retried when the server is unavailable
 * @param layers what shall see its calls, such as a logger
 * @throws ConfigError when a setting is wrong, Error when a TLS file cannot be read or used.
 */
export async function connect(
  services: readonly ServiceDefinition[],
  config = loadClientConfig(readEnvironment()),
  layers: Pick<ClientLayers, "logger" | "registry"> = {},
): Promise<Connection> {
  const { address, tls } = config;
  const closed = new AbortController();
  const credentials = await clientCredentials(tls, closed.signal);
  const channel = createChannel(address, { credentials, services });
  return {
    address,
    services,
    channel,
    options: { interceptors: clientInterceptors({ ...layers, token: tokenOf(config) }) },
    close() {
      closed.abort();
      channel.close();
    },
  };
}

function tokenOf({ token, auth }: ClientConfig): ClientLayers["token"] {
  if (token !== undefined) return () => token;
  return auth.required && auth.keys.kind === "secret" ? () => signToken(auth, "demo") : undefined;
}

async function clientCredentials(
  tls: ClientTlsConfig | undefined,
  signal: AbortSignal,
): Promise<ChannelCredentials> {
  if (tls === undefined) return ChannelCredentials.createInsecure();
  const { ca, identity } = tls;
  return await rotatingChannelCredentials({ ca, ...identity }, { signal });
}
