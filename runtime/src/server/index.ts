/** The server and its options. */
export { GrpcServer, type GrpcServerOptions } from "./grpc-server.ts";
export type { InterceptorsOf, OnError, PlanOptions } from "./method-plan.ts";
