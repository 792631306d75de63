/** Health of a server and its services by `grpc.health.v1`: registry and service. */

export type { HealthStatusMessage } from "../diagnostics.ts";
export { healthDefinition as healthServiceDefinition } from "../rpc/grpc/health/v1/health_grpc.ts";
export {
  HealthRegistry,
  type HealthRegistryOptions,
  type ServiceProbeOptions,
} from "./health-registry.ts";
export type { HealthStatus } from "./health-service.ts";
export type { HealthCheck, ProbeOptions, ProbeResult } from "./probe.ts";
