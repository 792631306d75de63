/** The health of a server, served as `grpc.health.v1`. */

export { healthDefinition as healthServiceDefinition } from "../rpc/grpc/health/v1/health_grpc.ts";
export {
  HealthRegistry,
  type HealthRegistryOptions,
  type ServiceProbeOptions,
} from "./health-registry.ts";
export type { HealthStatus } from "./health-service.ts";
export type { HealthCheck, ProbeResult } from "./probe.ts";
