export * from "./core.ts";
export {
  HealthRegistry,
  type HealthRegistryOptions,
  type ServiceProbeOptions,
} from "./health/health-registry.ts";
export type { HealthStatus } from "./health/health-service.ts";
export type { HealthCheck, ProbeResult } from "./health/probe.ts";
export { reflectionRegistrations } from "./reflection/reflection-registrations.ts";
export {
  HealthClient,
  healthDefinition as healthServiceDefinition,
} from "./rpc/grpc/health/v1/health_grpc.ts";
export { HealthCheckResponse_ServingStatus } from "./rpc/grpc/health/v1/health_pb.ts";
