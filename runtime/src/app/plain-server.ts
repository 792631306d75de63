import { Server, type ServerCredentials } from "@grpc/grpc-js";
import type { HealthRegistry } from "../health/health-registry.ts";
import { guardConnections } from "../server/connection-guard.ts";
import { channelOptionsOf } from "../server/limits.ts";
import { toImplementation } from "../server/to-implementation.ts";
import { within } from "../within.ts";
import { type App, type AppOptions, Lifecycle, type NetworkServer } from "./lifecycle.ts";

/** What a plain server is made of. */
export interface PlainServerOptions extends AppOptions {
  /** The grpc-js server to use; `stop` shuts it down. Default: one with the limits of the settings. */
  readonly server?: Server;
}

/**
 * The same as `AppServer` on an ordinary `grpc.Server`, for when another library makes that server or
 * expects one. `AppServer` has faster streams and limits the time for receiving a request message; calls
 * that are left after the grace period are cut off here.
 */
export class PlainServer implements App {
  /** The grpc-js server. Add services of other libraries to it before `start`. */
  readonly server: Server;
  readonly #lifecycle: Lifecycle;

  constructor(options: PlainServerOptions) {
    const { limits } = options.config;
    const server = options.server ?? new Server(channelOptionsOf(limits));
    this.server = server;
    this.#lifecycle = new Lifecycle(options, (services, plan): NetworkServer => {
      for (const service of services) {
        server.addService(service.definition, toImplementation(service, plan));
      }
      return {
        async listen(address, credentials) {
          const port = await bind(server, address, credentials);
          guardConnections(server, limits, plan);
          return port;
        },
        drain: (graceMs) => drain(server, graceMs),
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

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(new Error(`cannot listen on ${address}: ${error.message}`));
      else resolve(port);
    });
  });
}

async function drain(server: Server, graceMs: number): Promise<void> {
  await within(graceMs, new Promise<void>((resolve) => server.tryShutdown(() => resolve())));
  server.forceShutdown();
}
