/**
 * What handlers, interceptors and generated code need on both sides of a call. Everything else has
 * its own module, so that a program loads only what it uses:
 *
 * - `server/index.ts`: `GrpcServer`; `plain-server.ts`: the same services on a `grpc.Server` of
 *   yours
 * - `client/index.ts`: channels, and what generated clients are made of; `client/channel-pool.ts`:
 *   several connections as one channel
 * - `error-details.ts`: the messages of `google.rpc` for details of errors
 * - `health/index.ts` and `health-client.ts`, `reflection/index.ts`, `tls/index.ts`
 */
export type { CallContext, ClientCall, MessageHook, ServerCall } from "./call.ts";
export { type ContextKey, createContextKey } from "./context-key.ts";
export { GrpcError, type GrpcErrorOptions } from "./error.ts";
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
  type Codec,
  defineMethod,
  defineService,
  type MethodDefinition,
  type MethodDefinitions,
  type MethodInfo,
  type MethodKind,
  reflectCodec,
  type ServiceDefinition,
  serviceDescriptor,
} from "./method.ts";
export { defaultServerLimits, type ServerLimits } from "./server/limits.ts";
export type { StatusCode } from "./status-code.ts";
