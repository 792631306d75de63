import type { ServiceRegistration } from "../implement.ts";
import { Changes } from "./changes.ts";
import { type HealthStatus, healthService } from "./health-service.ts";
import { type HealthCheck, Probe, type ProbeOptions, type ProbeResult } from "./probe.ts";

/** Options of `HealthRegistry`. */
export interface HealthRegistryOptions {
  /** Told of the first result of every probe, and of each that differs from the one before. */
  readonly onProbe?: (probe: string, result: ProbeResult) => void;
}

/** Options of `HealthRegistry.probe`. */
export interface ServiceProbeOptions extends ProbeOptions {
  /**
   * Full names of the services that cannot do without, the empty one for the server as a whole.
   * All of them by default.
   */
  readonly services?: readonly string[];
}

/**
 * The health of a server and its services, told to whoever asks through `grpc.health.v1.Health`.
 *
 * A service is SERVING while `set` says so and every probe that concerns it passes. The server as a
 * whole is the service with the empty name; it serves until told otherwise.
 */
export class HealthRegistry {
  readonly #onProbe: HealthRegistryOptions["onProbe"];
  readonly #statuses = new Map<string, HealthStatus>([["", "SERVING"]]);
  /** With the services that each concerns; undefined: all. */
  readonly #probes = new Map<Probe, readonly string[] | undefined>();
  readonly #changes = new Changes();
  #shutDown = false;

  constructor(options: HealthRegistryOptions = {}) {
    this.#onProbe = options.onProbe;
  }

  /** Sets the health of a service, which need not be known; ignored after `shutdown`. */
  set(service: string, status: HealthStatus): void {
    if (this.#shutDown) return;
    this.#statuses.set(service, status);
    this.#changes.tell([service]);
  }

  /**
   * Checks in the background, until `shutdown`, whether something works that services cannot do
   * without. They are NOT_SERVING until a check has passed, and again whenever one fails.
   *
   * @param name for logs: what `onProbe` is told
   * @returns settled when there is a first result, good or bad; await it before the server listens
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
      this.#changes.tell(services);
      this.#onProbe?.(name, result);
    });
    if (this.#shutDown) return Promise.resolve();
    this.#probes.set(probe, services);
    for (const service of services ?? []) {
      if (!this.#statuses.has(service)) this.#statuses.set(service, "SERVING");
    }
    this.#changes.tell(services);
    return probe.start();
  }

  /**
   * Everything is NOT_SERVING from now on: callers go elsewhere before the server stops. Watchers are
   * told and their calls end, so that they do not hold up the stop; probes end, too.
   */
  shutdown(): void {
    this.#shutDown = true;
    for (const probe of this.#probes.keys()) probe.stop();
    this.#changes.tell();
  }

  /** The service that answers from this registry. */
  registration(): ServiceRegistration {
    return healthService({
      services: () => this.#statuses.keys(),
      isFinal: () => this.#shutDown,
      statusOf: (service) => this.#statusOf(service),
      change: (service, signal) => this.#changes.next(service, signal),
    });
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
