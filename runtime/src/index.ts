/**
 * What handlers, interceptors and generated code use on both sides of a call. Everything else has
 * an entry of its own, such as `grpc-service/server`, so that a program loads only what it uses.
 */
export type { CallContext, ClientCall, MessageHook, ServerCall } from "./call.ts";
export { type ContextKey, createContextKey } from "./context-key.ts";
export { encodeOnce } from "./encode-once.ts";
export { GrpcError, type GrpcErrorOptions } from "./error.ts";
export type {
  BidiStreamingHandler,
  ClientStreamingHandler,
  HandlerOf,
  HandlersOf,
  ServerStreamingHandler,
  UnaryHandler,
} from "./handlers.ts";
export {
  implement,
  type ServiceRegistration,
  type UntypedHandler,
  unimplemented,
} from "./implement.ts";
export type {
  After,
  Before,
  ClientInterceptor,
  Interceptor,
  ServerInterceptor,
} from "./interceptor.ts";
export { layer } from "./layer.ts";
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
  type ServiceDescriptor,
  serviceDescriptor,
} from "./method.ts";
export type { PeerCertificate } from "./peer-certificate.ts";
export { defaultServerLimits, type ServerLimits } from "./server/limits.ts";
export type { StatusCode } from "./status-code.ts";
