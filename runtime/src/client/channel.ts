import { Channel, type ChannelCredentials, type ChannelOptions, credentials } from "@grpc/grpc-js";
import { correctConnections } from "../grpc-js-internals/client-sessions.ts";
import { ipTargetOptions } from "../ip-targets.ts";
import type { ServiceDefinition } from "../method.ts";
import type { ResilienceSettings } from "./resilience.ts";
import { serviceConfig } from "./service-config.ts";
import { hostsOf, isLocalTarget } from "./target.ts";

/** Settings of a channel. */
export interface ChannelSettings {
  /** Plain text by default. */
  readonly credentials?: ChannelCredentials;
  /**
   * Options of grpc-js; they override the other settings. A `grpc.service_config` given here
   * replaces only the methods and the load balancing that it contains.
   */
  readonly channelOptions?: ChannelOptions;
  /** Retries, hedging, ejection of servers that fail, load balancing. */
  readonly resilience?: ResilienceSettings;
}

/** Settings of a channel that clients of several services share. */
export interface SharedChannelSettings extends ChannelSettings {
  /** The services called through the channel. Their safe methods are retried. */
  readonly services?: readonly ServiceDefinition[];
}

const defaultOptions: ChannelOptions = {
  // Reconnects within 1.2 seconds once a server is back: grpc-js varies the delays by a fifth.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // A name is looked up again when a connection ends, but not within this time. In grpc-js' 30 seconds,
  // a deployment can replace all servers that the client knows.
  "grpc.dns_min_time_between_resolutions_ms": 1_000,
  // Bytes of requests that a call keeps for a retry. If the server does not read, grpc-js' default
  // of 1 MiB takes 200 000 tiny requests: 400 MB, and a queue that takes seconds to move.
  "grpc.per_rpc_retry_buffer_size": 65_536,
};

/**
 * A connection that several clients can share. Close it when they are done.
 *
 * @param address for example `localhost:50051` or `dns:///users:50051`
 * @throws Error when the address or a setting is malformed.
 *
 * @example
 * ```ts
 * const channel = createChannel(address, { services: [userServiceDefinition] });
 * const users = new UserServiceClient(channel);
 * ```
 */
export function createChannel(address: string, settings: SharedChannelSettings = {}): Channel {
  const chosen = settings.credentials ?? credentials.createInsecure();
  const channel = new Channel(address, chosen, {
    ...addressOptions(address, chosen),
    ...channelOptions(settings),
  });
  correctConnections(channel);
  return channel;
}

function addressOptions(address: string, chosen: ChannelCredentials): ChannelOptions {
  const [first, ...others] = hostsOf(address);
  return {
    // grpc-js would ask the proxy for them, unless `no_proxy` lists them.
    ...(isLocalTarget(address) ? { "grpc.enable_http_proxy": 0 } : {}),
    ...(others.length === 0 ? ipTargetOptions(first, chosen) : {}),
  };
}

function channelOptions(settings: SharedChannelSettings): ChannelOptions {
  const { channelOptions: own = {}, resilience = {}, services = [] } = settings;
  const { retry } = resilience;
  const config = serviceConfig({ ...resilience, own: own["grpc.service_config"], services });
  return {
    ...defaultOptions,
    ...(retry && retry.maxAttempts !== undefined
      ? { "grpc-node.retry_max_attempts_limit": retry.maxAttempts }
      : {}),
    ...own,
    "grpc.service_config": JSON.stringify(config),
  };
}
