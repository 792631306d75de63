/** Clients: what generated clients are made of, channels, and interceptors of clients. */
export { type BoundClient, bindClient } from "./bind-client.ts";
export { type ChannelSettings, createChannel, type SharedChannelSettings } from "./channel.ts";
export { type ChannelPool, type ChannelPoolSettings, createChannelPool } from "./channel-pool.ts";
export type { ClientMethodOf, ClientMethods } from "./client-methods.ts";
export type {
  AddressOptions,
  CallOptions,
  ClientChannel,
  ClientOptions,
  ClientTarget,
} from "./client-options.ts";
export { type ConnectionState, watchConnection } from "./connection-state.ts";
export { bearer } from "./interceptors/bearer.ts";
export { metadata } from "./interceptors/metadata.ts";
export { respectRetryInfo, retryDelayOf } from "./interceptors/retry-info.ts";
export { onBehalfOf } from "./on-behalf-of.ts";
export type {
  HedgingSettings,
  LoadBalancing,
  OutlierEjectionSettings,
  ResilienceSettings,
  RetrySettings,
} from "./resilience.ts";
