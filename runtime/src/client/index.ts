/** Clients: what generated clients are made of, channels, and interceptors of clients. */
export {
  type BoundClient,
  bindClient,
  type ClientMethodOf,
  type ClientMethods,
} from "./bind-client.ts";
export {
  type ChannelSettings,
  type ConnectionState,
  createChannel,
  type SharedChannelSettings,
  watchConnection,
} from "./channel.ts";
export { type ChannelPool, type ChannelPoolSettings, createChannelPool } from "./channel-pool.ts";
export type {
  AddressOptions,
  CallOptions,
  ClientChannel,
  ClientOptions,
  ClientTarget,
} from "./client-options.ts";
export { bearer } from "./interceptors/bearer.ts";
export { metadata } from "./interceptors/metadata.ts";
export { respectRetryInfo, retryDelayOf } from "./interceptors/retry-info.ts";
export { onBehalfOf } from "./on-behalf-of.ts";
export type { LoadBalancing, RetrySettings } from "./service-config.ts";
