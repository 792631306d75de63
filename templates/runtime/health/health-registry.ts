import type { CallContext } from "../call.ts";
import { GrpcError } from "../error.ts";
import { implement, type ServiceRegistration } from "../implement.ts";
import { healthDefinition } from "../rpc/grpc/health/v1/health_grpc.ts";
import {
  type HealthCheckRequest,
  HealthCheckResponse_ServingStatus,
} from "../rpc/grpc/health/v1/health_pb.ts";

/** Whether a service takes calls. */
export type HealthStatus = "SERVING" | "NOT_SERVING";

/**
 * The health of a server and its services, told to whoever asks through `grpc.health.v1.Health`.
 * The server as a whole is the service with the empty name; it serves until told otherwise.
 */
export class HealthRegistry {
  readonly #statuses = new Map<string, HealthStatus>([["", "SERVING"]]);
  readonly #watchers = new Set<() => void>();
  #shutDown = false;

  /** Sets the health of a service; ignored after `shutdown`. */
  set(service: string, status: HealthStatus): void {
    if (this.#shutDown) return;
    this.#statuses.set(service, status);
    this.#changed();
  }

  /**
   * Everything is NOT_SERVING from now on: callers go elsewhere before the server stops. Watchers are
   * told and their calls end, so that they do not hold up the stop.
   */
  shutdown(): void {
    for (const service of this.#statuses.keys()) this.#statuses.set(service, "NOT_SERVING");
    this.#shutDown = true;
    this.#changed();
  }

  /** The service that answers from this registry. */
  registration(): ServiceRegistration {
    return implement(healthDefinition, {
      check: ({ service }) => {
        const status = this.#statuses.get(service);
        if (status === undefined) {
          throw new GrpcError("NOT_FOUND", `unknown service ${JSON.stringify(service)}`);
        }
        return { status: HealthCheckResponse_ServingStatus[status] };
      },
      list: () => ({ statuses: Object.fromEntries(this.#entries()) }),
      watch: (request, context) => this.#watch(request, context),
    });
  }

  *#entries(): Iterable<[string, { status: HealthCheckResponse_ServingStatus }]> {
    for (const [service, status] of this.#statuses) {
      yield [service, { status: HealthCheckResponse_ServingStatus[status] }];
    }
  }

  async *#watch(
    { service }: HealthCheckRequest,
    { signal }: CallContext,
  ): AsyncIterable<{ status: HealthCheckResponse_ServingStatus }> {
    let told: HealthCheckResponse_ServingStatus | undefined;
    while (!signal.aborted) {
      const status =
        HealthCheckResponse_ServingStatus[this.#statuses.get(service) ?? "SERVICE_UNKNOWN"];
      if (status === told) {
        if (this.#shutDown) return;
        await this.#change(signal);
        continue;
      }
      told = status;
      // A slow watcher misses states in between, never the latest one.
      yield { status };
    }
  }

  /** Resolves at the next change, or when the watcher leaves. */
  async #change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#watchers.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#watchers.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  #changed(): void {
    for (const wake of [...this.#watchers]) wake();
  }
}
