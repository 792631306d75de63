import { Server, type ServerCredentials } from "@grpc/grpc-js";
import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import {
  channelOptionsOf,
  guardConnections,
  toImplementation,
} from "./gen/runtime/plain-server.ts";
import { createHealth } from "./health.ts";
import { interceptors } from "./interceptors/index.ts";
import { faultLog } from "./interceptors/recovery.ts";
import { type App, lifecycle } from "./lifecycle.ts";
import { registerServices } from "./registrations.ts";

/**
 * The same services on an ordinary grpc-js `Server`, for when some library makes that server or
 * expects one. `main.ts` uses `createApp`, whose streams are faster and whose requests must arrive in
 * time (`requestTimeoutMs`); this function can take its place there.
 *
 * @throws Error in one line when the interceptors do not fit the services.
 */
export async function createPlainServer(config: Config, dependencies: Dependencies): Promise<App> {
  const server = new Server(channelOptionsOf(config.limits));
  const health = createHealth(dependencies.logger);
  const registrations = registerServices(config, dependencies, health);
  const methods = registrations.flatMap(({ definition }) => Object.values(definition));
  const options = {
    interceptors: await interceptors(config, dependencies, methods),
    onError: faultLog(dependencies.logger),
  };
  for (const registration of registrations) {
    server.addService(registration.definition, toImplementation(registration, options));
  }
  return lifecycle({
    config,
    dependencies,
    health,
    registrations,
    async listen(address, credentials) {
      const port = await bind(server, address, credentials);
      guardConnections(server, config.limits);
      return port;
    },
    drain: (graceMs) => drain(server, graceMs),
  });
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(new Error(`cannot listen on ${address}: ${error.message}`));
      else resolve(port);
    });
  });
}

function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(grace);
      resolve();
    });
  });
}
