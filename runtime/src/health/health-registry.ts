import { healthDiagnostics } from "../diagnostics.ts";
import type { ServiceRegistration } from "../implement.ts";
import { ChangeWaiters } from "./change-waiters.ts";
import { type HealthStatus, healthService } from "./health-service.ts";
import { type HealthCheck, Probe, type ProbeOptions, type ProbeResult } from "./probe.ts";

/** Options of `HealthRegistry`. */
export interface HealthRegistryOptions {
  /**
   * Called with the first result of every probe, and with each that differs from the one before.
   */
  readonly onProbe?: (probe: string, result: ProbeResult) => void;
}

/** Options of `HealthRegistry.probe`. */
export interface ServiceProbeOptions extends ProbeOptions {
  /**
   * Full names of the services that depend on it; the empty name is the server as a whole. Default:
   * all services.
   */
  readonly services?: readonly string[];
}

/**
 * The health of a server and its services, for `grpc.health.v1.Health`.
 *
 * A service is SERVING while `set` says so and all of its probes pass. The server as a whole is the
 * service with the empty name; it is SERVING until set otherwise.
 */
export class HealthRegistry {
  readonly #onProbe: HealthRegistryOptions["onProbe"];
  readonly #statuses = new Map<string, HealthStatus>([["", "SERVING"]]);
  /** The services that depend on each probe; undefined means all. */
  readonly #probes = new Map<Probe, readonly string[] | undefined>();
  readonly #waiters = new ChangeWaiters();
  /** The latest status of each service that subscribers of the diagnostics channel know. */
  readonly #published = new Map<string, HealthStatus>();
  #shutDown = false;

  constructor(options: HealthRegistryOptions = {}) {
    this.#onProbe = options.onProbe;
  }

  /** Sets the health of a service, known or new. Ignored after `shutdown`. */
  set(service: string, status: HealthStatus): void {
    if (this.#shutDown) return;
    this.#statuses.set(service, status);
    this.#changed([service]);
  }

  /**
   * Checks a dependency of services in the background, until `shutdown`. The services are NOT_SERVING
   * until a check has passed, and again whenever one fails.
   *
   * @param name passed to `onProbe`, for logs
   * @returns resolves at the first result, good or bad; await it before the server listens
   * @throws RangeError when a time is not between 1 ms and a day.
   *
   * @example
   * ```ts
   * await health.probe("database", (signal) => database.ping(signal), { intervalMs: 5000 });
   * ```
   */
  probe(name: string, check: HealthCheck, options: ServiceProbeOptions = {}): Promise<void> {
    const { services } = options;
    const probe = new Probe(check, options, (result) => {
      this.#changed(services);
      this.#onProbe?.(name, result);
    });
    if (this.#shutDown) return Promise.resolve();
    this.#probes.set(probe, services);
    for (const service of services ?? []) {
      if (!this.#statuses.has(service)) this.#statuses.set(service, "SERVING");
    }
    this.#changed(services);
    return probe.start();
  }

  /**
   * Sets everything to NOT_SERVING for good, so that callers go elsewhere before the server stops.
   * Calls of watchers end after that, so that they do not delay the stop. Probes stop.
   */
  shutdown(): void {
    this.#shutDown = true;
    for (const probe of this.#probes.keys()) probe.stop();
    this.#changed();
  }

  /** The health service of this registry. */
  registration(): ServiceRegistration {
    return healthService({
      services: () => this.#statuses.keys(),
      isFinal: () => this.#shutDown,
      statusOf: (service) => this.#statusOf(service),
      change: (service, signal) => this.#waiters.next(service, signal),
    });
  }

  /** @param services those whose status may have changed; default: all */
  #changed(services?: readonly string[]): void {
    this.#waiters.wake(services);
    if (!healthDiagnostics.hasSubscribers) return;
    for (const service of services ?? this.#statuses.keys()) {
      const status = this.#statusOf(service);
      if (status === undefined || status === this.#published.get(service)) continue;
      this.#published.set(service, status);
      healthDiagnostics.publish({ service, status });
    }
  }

  #statusOf(service: string): HealthStatus | undefined {
    const status = this.#statuses.get(service);
    if (status !== "SERVING") return status;
    return !this.#shutDown && this.#dependenciesWork(service) ? "SERVING" : "NOT_SERVING";
  }

  #dependenciesWork(service: string): boolean {
    for (const [probe, services] of this.#probes) {
      if (!probe.passing && (services === undefined || services.includes(service))) return false;
    }
    return true;
  }
}
