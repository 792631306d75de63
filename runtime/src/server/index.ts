/** Servers of grpc-js that run our services: one of ours, or your own `grpc.Server`. */
export type { AbuseMessage, ConnectionsMessage, ShedMessage } from "../diagnostics.ts";
export type { Abuse, OnAbuse } from "./abuse.ts";
export type { AdmissionEvents } from "./admission.ts";
export { guardConnections } from "./connection-guard.ts";
export { GrpcServer, type GrpcServerOptions } from "./grpc-server.ts";
export { channelOptionsOf } from "./limits.ts";
export type { InterceptorsOf, OnError, PlanOptions } from "./method-plan.ts";
export type { OnOverload, Overload } from "./overload.ts";
export type { CompressionOptions } from "./response-compression.ts";
export { toImplementation } from "./to-implementation.ts";
