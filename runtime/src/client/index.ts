/** Clients: what generated ones are made of, and the channels that they share. */
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
export type {
  AddressOptions,
  CallOptions,
  ClientChannel,
  ClientOptions,
  ClientTarget,
} from "./client-options.ts";
export type { LoadBalancing, RetrySettings } from "./service-config.ts";
