import {
  Channel,
  type ChannelCredentials,
  type ChannelInterface,
  type ChannelOptions,
  connectivityState,
  credentials,
} from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import type { ServiceDefinition } from "../method.ts";
import { type LoadBalancing, type RetrySettings, serviceConfig } from "./service-config.ts";

/** Settings of a channel: credentials, retries, load balancing. */
export interface ChannelSettings {
  /** Plain text by default. */
  readonly credentials?: ChannelCredentials;
  /**
   * Options of grpc-js. They win over what the other settings make: a `grpc.service_config` of yours
   * decides about the methods and the load balancing it speaks of, and the rest stays.
   */
  readonly channelOptions?: ChannelOptions;
  /** Retries of safe methods after UNAVAILABLE; false for none. */
  readonly retry?: RetrySettings | false;
  /**
   * `pick_first`, the default, stays with the first server that answers; `round_robin` takes turns
   * among all that do. A name (`dns:///users:50051`) and a list (`ipv4:10.0.0.1:50051,10.0.0.2:50051`)
   * can stand for several servers.
   */
  readonly loadBalancing?: LoadBalancing;
}

/** Settings of a channel that clients of several services share. */
export interface SharedChannelSettings extends ChannelSettings {
  /** The services that are called through the channel: their safe methods are retried. */
  readonly services?: readonly ServiceDefinition[];
}

const defaultOptions: ChannelOptions = {
  // A server that is back is found within 1.2 seconds: grpc-js varies the waits by a fifth.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // Bytes of requests that a call keeps in case it is retried. To a server that does not read, the
  // 1 MiB of grpc-js is room for 200 000 tiny requests: 400 MB, and seconds to move that queue.
  "grpc.per_rpc_retry_buffer_size": 65_536,
};

/**
 * A connection for several clients to share. Whoever makes it closes it.
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
  return new Channel(
    address,
    settings.credentials ?? credentials.createInsecure(),
    channelOptions(settings),
  );
}

function channelOptions(settings: SharedChannelSettings): ChannelOptions {
  const { channelOptions: own = {}, retry, loadBalancing, services = [] } = settings;
  const config = serviceConfig({
    own: own["grpc.service_config"],
    services,
    retry: retry ?? {},
    loadBalancing,
  });
  return {
    ...defaultOptions,
    ...(retry && retry.maxAttempts !== undefined
      ? { "grpc-node.retry_max_attempts_limit": retry.maxAttempts }
      : {}),
    ...own,
    "grpc.service_config": JSON.stringify(config),
  };
}

/** What a channel is doing, by the names of the gRPC specification. */
export type ConnectionState = keyof typeof connectivityState;

/**
 * Tells the state of a channel's connection, now and after every change, until the channel is closed
 * (SHUTDOWN is told last) or `signal` aborts. Watching opens no connection, and does not keep the
 * process alive.
 *
 * @example
 * ```ts
 * watchConnection(channel, (state) => console.log(`${channel.getTarget()} is ${state}`));
 * ```
 */
export function watchConnection(
  channel: ChannelInterface,
  listener: (state: ConnectionState) => void,
  signal?: AbortSignal,
): void {
  const tell = (): void => {
    if (signal?.aborted === true) return;
    const state = channel.getConnectivityState(false);
    // Not from within grpc-js, whose state a listener that throws would leave half changed.
    queueMicrotask(() => {
      if (signal?.aborted !== true) listener(stateName(state));
    });
    if (state === connectivityState.SHUTDOWN) return;
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, tell);
  };
  tell();
}

function stateName(state: connectivityState): ConnectionState {
  // A numeric enum maps its numbers back to their names.
  return connectivityState[state] as ConnectionState;
}

/**
 * Connects.
 *
 * @param timeoutMs milliseconds to wait
 * @throws GrpcError UNAVAILABLE when there is no connection in time or the channel is closed.
 */
export async function channelReady(channel: ChannelInterface, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return;
    if (state === connectivityState.SHUTDOWN) {
      throw new GrpcError("UNAVAILABLE", `the channel to ${channel.getTarget()} is closed`);
    }
    await new Promise<void>((resolve, reject) => {
      channel.watchConnectivityState(state, deadline, (cause) => {
        if (cause === undefined) {
          resolve();
          return;
        }
        const text = `${channel.getTarget()} is not ready after ${timeoutMs} ms`;
        reject(new GrpcError("UNAVAILABLE", text, { cause }));
      });
    });
  }
}
