/** Clients: what generated ones are made of, and the channels that they share. */
export {
  type BoundClient,
  bindClient,
  type ClientMethodOf,
  type ClientMethods,
} from "./bind-client.ts";
export {
  type ChannelSettings,
  createChannel,
  type SharedChannelSettings,
} from "./channel.ts";
export type {
  AddressOptions,
  CallOptions,
  ClientChannel,
  ClientOptions,
  ClientTarget,
} from "./client-options.ts";
export { type ConnectionState, watchConnection } from "./connection-state.ts";
export type { RetrySettings } from "./retry.ts";
export type { LoadBalancing } from "./service-config.ts";
