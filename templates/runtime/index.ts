export * from "./core.ts";
export { HealthRegistry, type HealthStatus } from "./health/health-registry.ts";
export {
  HealthClient,
  healthDefinition as healthServiceDefinition,
} from "./rpc/grpc/health/v1/health_grpc.ts";
export { HealthCheckResponse_ServingStatus } from "./rpc/grpc/health/v1/health_pb.ts";
