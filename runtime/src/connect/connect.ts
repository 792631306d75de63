import { ChannelCredentials, type ChannelInterface, connectivityState } from "@grpc/grpc-js";
import { createChannel } from "../client/channel.ts";
import type { ClientOptions } from "../client/client-options.ts";
import { bearer } from "../client/interceptors/bearer.ts";
import { metadata } from "../client/interceptors/metadata.ts";
import { respectRetryInfo } from "../client/interceptors/retry-info.ts";
import type { ResilienceSettings } from "../client/resilience.ts";
import { portsOf } from "../client/target.ts";
import type { ClientConfig } from "../config/client.ts";
import type { ClientTlsConfig } from "../config/tls.ts";
import { logging } from "../interceptors/logging.ts";
import { type ClientInterceptors, interceptorsByMethod } from "../interceptors/scope.ts";
import type { Logger } from "../logger/logger.ts";
import { methodsOf, type ServiceDefinition } from "../method.ts";
import { rotatingChannelCredentials } from "../tls/rotating-credentials.ts";
import { OpenedSockets } from "./opened-sockets.ts";

/** One connection for the clients of several services: `new UserServiceClient(channel, options)`. */
export interface Connection {
  /** Address of the server. */
  readonly address: string;
  /** The services that are called through it. */
  readonly services: readonly ServiceDefinition[];
  readonly channel: ChannelInterface;
  /** Options for every client on this connection: its interceptors. */
  readonly options: ClientOptions;
  close(): void;
}

/** Options of `connect`. */
export interface ConnectOptions {
  /** Logs every call. */
  readonly logger?: Logger;
  /** Further interceptors, outermost first, such as `clientTracing()`. */
  readonly interceptors?: ClientInterceptors;
  /** Retries, hedging, ejection of servers that fail, load balancing. */
  readonly resilience?: ResilienceSettings;
  /**
   * Milliseconds in which a server has to answer a new connection, with TLS its handshake; then calls are
   * UNAVAILABLE. Default: 4000, less than the default timeout of unary calls.
   *
   * It is for TCP connections to the ports of the address. Through an HTTP proxy or a Unix socket, a server
   * that accepts connections and never answers makes calls DEADLINE_EXCEEDED, and with TLS its connection
   * keeps the process alive after `close`.
   */
  readonly connectTimeoutMs?: number;
}

/**
 * Prepares a connection with the settings of a client: TLS, token, request ids. The first call connects.
 * Failed calls to methods that the proto marks as safe to repeat are retried while the server is
 * unavailable. After `close`, nothing of the connection keeps the process alive.
 *
 * @param services the services to call through it
 * @throws Error in one line when a TLS file cannot be read or used, or a setting makes no sense.
 */
export async function connect(
  services: readonly ServiceDefinition[],
  config: ClientConfig,
  options: ConnectOptions = {},
): Promise<Connection> {
  const { address, tls } = config;
  const interceptors = await clientInterceptors(services, config, options);
  const closed = new AbortController();
  const credentials = await clientCredentials(tls, closed.signal);
  const { resilience = {}, connectTimeoutMs: answerTimeoutMs = 4000 } = options;
  const channel = createChannel(address, { credentials, services, resilience });
  const sockets = new OpenedSockets({ ports: portsOf(address), answerTimeoutMs });
  return {
    address,
    services,
    channel,
    options: { interceptors },
    close() {
      closed.abort();
      const isReady = channel.getConnectivityState(false) === connectivityState.READY;
      channel.close();
      sockets.release(isReady);
    },
  };
}

async function clientInterceptors(
  services: readonly ServiceDefinition[],
  config: ClientConfig,
  { logger, interceptors = [] }: ConnectOptions,
): Promise<NonNullable<ClientOptions["interceptors"]>> {
  const token = tokenSource(config);
  const methods = methodsOf(services);
  const entries: ClientInterceptors = [
    metadata(), // the request id, for everything below
    ...interceptors,
    logger && logging({ logger }), // with the duration that callers see
    respectRetryInfo(), // before the token, which would age during the wait
    token && bearer(token), // last: as fresh as possible
  ];
  return interceptorsByMethod(entries, { methods, environment: config.environment });
}

function tokenSource({ token, auth }: ClientConfig): (() => string | Promise<string>) | undefined {
  if (token !== undefined) return () => token;
  if (!auth.required || auth.keys.kind !== "secret") return undefined;
  return async () => {
    const { signToken } = await import("../interceptors/auth/sign-token.ts");
    return signToken(auth, "demo");
  };
}

async function clientCredentials(
  tls: ClientTlsConfig | undefined,
  signal: AbortSignal,
): Promise<ChannelCredentials> {
  if (tls === undefined) return ChannelCredentials.createInsecure();
  const { ca, identity } = tls;
  return await rotatingChannelCredentials({ ca, ...identity }, { signal });
}
