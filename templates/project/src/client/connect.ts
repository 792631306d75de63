import { readFile } from "node:fs/promises";
import { ChannelCredentials, type ChannelInterface } from "@grpc/grpc-js";
import type { ClientTlsConfig } from "../config/tls.ts";
import { readEnvironment } from "../config.ts";
import { type ClientInterceptor, type ClientOptions, createChannel } from "../gen/runtime/index.ts";
import { bearer } from "./bearer.ts";
import { loadClientConfig } from "./config.ts";
import { signToken } from "./token.ts";

/** One connection, shared by the clients of all services: `new XClient(channel, options)`. */
export interface Connection {
  readonly address: string;
  readonly channel: ChannelInterface;
  /** For every client on this connection: sends the token. */
  readonly options: ClientOptions;
  close(): void;
}

/**
 * Prepares a connection; the first call opens it.
 *
 * @throws ConfigError when a setting is wrong, Error when a TLS file cannot be read.
 */
export async function connect(config = loadClientConfig(readEnvironment())): Promise<Connection> {
  const { address, auth, tls } = config;
  const channel = createChannel(address, { credentials: await clientCredentials(tls) });
  const interceptors: ClientInterceptor[] = [];
  const { token } = config;
  if (token !== undefined) interceptors.push(bearer(() => token));
  else if (auth.keys.kind === "secret") interceptors.push(bearer(() => signToken(auth, "demo")));
  return { address, channel, options: { interceptors }, close: () => channel.close() };
}

async function clientCredentials(tls: ClientTlsConfig | undefined): Promise<ChannelCredentials> {
  if (tls === undefined) return ChannelCredentials.createInsecure();
  const ca = await readFile(tls.ca);
  if (tls.identity === undefined) return ChannelCredentials.createSsl(ca);
  const key = await readFile(tls.identity.key);
  return ChannelCredentials.createSsl(ca, key, await readFile(tls.identity.cert));
}
