import type { HealthRegistry } from "../health/health-registry.ts";
import { GrpcServer } from "../server/grpc-server.ts";
import { type App, type AppOptions, Lifecycle } from "./lifecycle.ts";

/**
 * A complete server: your services behind your interceptors, with health, reflection, TLS, limits,
 * resources and a graceful stop. Nothing is opened before `start`.
 *
 * @example
 * ```ts
 * const app = new AppServer({
 *   config: loadConfig(readEnvironment()),
 *   services: [implement(greeterDefinition, { sayHello })],
 *   interceptors: [recovery({ logger })],
 *   logger,
 * });
 * await app.start();
 * ```
 */
export class AppServer implements App {
  readonly #lifecycle: Lifecycle;

  constructor(options: AppOptions) {
    this.#lifecycle = new Lifecycle(options, (services, plan) => {
      const { limits, compression } = options.config;
      const server = new GrpcServer({
        ...plan,
        services,
        limits,
        ...(compression !== undefined && { compression }),
      });
      return {
        listen: (address, credentials) => server.listen(address, credentials),
        drain: (graceMs) => server.stop(graceMs),
      };
    });
  }

  /** Health of the services. It follows the resources; set more with `health.set`. */
  get health(): HealthRegistry {
    return this.#lifecycle.health;
  }

  start(address?: string): Promise<number> {
    return this.#lifecycle.start(address);
  }

  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }
}
