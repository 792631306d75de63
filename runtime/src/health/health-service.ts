import { GrpcError } from "../error.ts";
import { implement, type ServiceRegistration } from "../implement.ts";
import { healthDefinition } from "../rpc/grpc/health/v1/health_grpc.ts";
import { HealthCheckResponse_ServingStatus as WireStatus } from "../rpc/grpc/health/v1/health_pb.ts";

/** Whether a service accepts calls. */
export type HealthStatus = "SERVING" | "NOT_SERVING";

/** Where the health service gets its data. */
export interface HealthSource {
  /** Names of all services that have a status. */
  services(): Iterable<string>;
  /** Whether no status will change any more. */
  isFinal(): boolean;
  /** Undefined if the service is unknown. */
  statusOf(service: string): HealthStatus | undefined;
  /** Resolves when the status of the service may have changed, or the signal aborts. */
  change(service: string, signal: AbortSignal): Promise<void>;
}

interface WireHealth {
  status: WireStatus;
}

/** The service `grpc.health.v1.Health` for the data of `source`. */
export function healthService(source: HealthSource): ServiceRegistration {
  return implement(healthDefinition, {
    check({ service }) {
      const status = source.statusOf(service);
      if (status === undefined) {
        throw new GrpcError("NOT_FOUND", `unknown service ${JSON.stringify(service)}`);
      }
      return { status: WireStatus[status] };
    },
    list() {
      const statuses = [...source.services()].map((service): [string, WireHealth] => {
        return [service, wireHealth(source, service)];
      });
      return { statuses: Object.fromEntries(statuses) };
    },
    watch: ({ service }, { signal }) => watch(source, service, signal),
  });
}

/** A slow watcher may miss intermediate states, but never the latest one. */
async function* watch(
  source: HealthSource,
  service: string,
  signal: AbortSignal,
): AsyncIterable<WireHealth> {
  let sent: WireStatus | undefined;
  while (!signal.aborted) {
    const health = wireHealth(source, service);
    if (health.status !== sent) {
      sent = health.status;
      yield health;
    } else if (source.isFinal()) {
      return;
    } else {
      await source.change(service, signal);
    }
  }
}

function wireHealth(source: HealthSource, service: string): WireHealth {
  return { status: WireStatus[source.statusOf(service) ?? "SERVICE_UNKNOWN"] };
}
