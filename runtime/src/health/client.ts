/** Client of `grpc.health.v1`. An entry of its own, so that a server does not load the library's client. */

export { HealthClient } from "../rpc/grpc/health/v1/health_client.ts";
export { HealthCheckResponse_ServingStatus } from "../rpc/grpc/health/v1/health_pb.ts";
