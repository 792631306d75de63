/** Health of a server and its services by `grpc.health.v1`: registry, service and client. */

export type { HealthStatusMessage } from "../diagnostics.ts";
export {
  HealthClient,
  healthDefinition as healthServiceDefinition,
} from "../rpc/grpc/health/v1/health_grpc.ts";
export { HealthCheckResponse_ServingStatus } from "../rpc/grpc/health/v1/health_pb.ts";
export {
  HealthRegistry,
  type HealthRegistryOptions,
  type ServiceProbeOptions,
} from "./health-registry.ts";
export type { HealthStatus } from "./health-service.ts";
export type { HealthCheck, ProbeOptions, ProbeResult } from "./probe.ts";
