// What generated code imports. `index.ts` adds what is built on generated code itself.
export type { CallContext, ClientCall, MessageHook, ServerCall } from "./call.ts";
export {
  type BoundClient,
  bindClient,
  type ClientMethodOf,
  type ClientMethods,
} from "./client/bind-client.ts";
export { type ChannelSettings, createChannel } from "./client/channel.ts";
export type { CallOptions, ClientOptions, ClientTarget } from "./client/client-options.ts";
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
export { GrpcServer, type GrpcServerOptions } from "./server/grpc-server.ts";
export type { OnError, PlanOptions } from "./server/method-plan.ts";
export { toImplementation } from "./server/to-implementation.ts";
export type { StatusCode } from "./status-code.ts";
