/** A server, and what it takes. */
export { GrpcServer, type GrpcServerOptions } from "./grpc-server.ts";
export type { InterceptorsOf, OnError, PlanOptions } from "./method-plan.ts";
