// What generated code imports. `index.ts` adds what is built on generated code itself.
export type { CallContext, ClientCall, MessageHook, ServerCall } from "./call.ts";
export {
  type BoundClient,
  bindClient,
  type ClientMethodOf,
  type ClientMethods,
} from "./client/bind-client.ts";
export {
  type ChannelSettings,
  createChannel,
  type SharedChannelSettings,
} from "./client/channel.ts";
export {
  type ChannelPool,
  type ChannelPoolSettings,
  createChannelPool,
} from "./client/channel-pool.ts";
export type { CallOptions, ClientOptions, ClientTarget } from "./client/client-options.ts";
export { type ConnectionState, watchConnection } from "./client/connection-state.ts";
export type { RetrySettings } from "./client/retry.ts";
export type { LoadBalancing } from "./client/service-config.ts";
export { type Codec, reflectCodec } from "./codec.ts";
export { type ContextKey, createContextKey } from "./context-key.ts";
export { GrpcError, type GrpcErrorOptions } from "./error.ts";
export * from "./error-detail.ts";
export type {
  BidiStreamingHandler,
  ClientStreamingHandler,
  HandlerOf,
  HandlersOf,
  ServerStreamingHandler,
  UnaryHandler,
} from "./handlers.ts";
export { implement, type ServiceRegistration, unimplemented } from "./implement.ts";
export type { ClientInterceptor, Interceptor, ServerInterceptor } from "./interceptor.ts";
export type { MetadataInit } from "./metadata.ts";
export {
  defineMethod,
  defineService,
  type MethodDefinition,
  type MethodDefinitions,
  type MethodInfo,
  type MethodKind,
  type ServiceDefinition,
  serviceDescriptor,
} from "./method.ts";
export { guardConnections } from "./server/connection-guard.ts";
export { GrpcServer, type GrpcServerOptions } from "./server/grpc-server.ts";
export { channelOptionsOf, defaultServerLimits, type ServerLimits } from "./server/limits.ts";
export type { InterceptorsOf, OnError, PlanOptions } from "./server/method-plan.ts";
export { toImplementation } from "./server/to-implementation.ts";
export type { StatusCode } from "./status-code.ts";
export type { RotationOptions } from "./tls/rotating-certificates.ts";
export {
  type ChannelTlsFiles,
  rotatingChannelCredentials,
  rotatingServerCredentials,
  type ServerTlsFiles,
} from "./tls/rotating-credentials.ts";
