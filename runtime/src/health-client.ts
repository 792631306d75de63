/** The client of `grpc.health.v1`. */
export { HealthClient } from "./rpc/grpc/health/v1/health_grpc.ts";
export { HealthCheckResponse_ServingStatus } from "./rpc/grpc/health/v1/health_pb.ts";
