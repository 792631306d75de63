/** What generated clients are made of, and the channels that clients share. */
export { type BoundClient, bindClient } from "./bind-client.ts";
export { type ChannelSettings, createChannel, type SharedChannelSettings } from "./channel.ts";
export type { ClientMethodOf, ClientMethods } from "./client-methods.ts";
export type {
  AddressOptions,
  CallOptions,
  ClientChannel,
  ClientOptions,
  ClientTarget,
} from "./client-options.ts";
export { type ConnectionState, watchConnection } from "./connection-state.ts";
export type { LoadBalancing, RetrySettings } from "./service-config.ts";
