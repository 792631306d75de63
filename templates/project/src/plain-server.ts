import { Server, type ServerCredentials } from "@grpc/grpc-js";
import type { App } from "./app.ts";
import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import { HealthRegistry, serviceDescriptor, toImplementation } from "./gen/runtime/index.ts";
import { interceptors } from "./interceptors/index.ts";
import { faultLog } from "./interceptors/recovery.ts";
import { serverCredentials, serverOptions } from "./server-options.ts";
import { services } from "./services/index.ts";

/**
 * The same services on an ordinary grpc-js `Server`, for when some library makes that server or
 * expects one. `main.ts` uses `createApp`, whose streams are faster; this function can take its
 * place there.
 */
export function createPlainServer(config: Config, dependencies: Dependencies): App {
  const server = new Server(serverOptions(config.limits));
  const health = new HealthRegistry();
  const registrations = [...services(dependencies), health.registration()];
  const methods = registrations.flatMap(({ definition }) => Object.values(definition));
  const options = {
    interceptors: interceptors(config, dependencies, methods),
    onError: faultLog(dependencies.logger),
  };
  for (const registration of registrations) {
    server.addService(registration.definition, toImplementation(registration, options));
  }

  async function stop(): Promise<void> {
    health.shutdown();
    await drain(server, config.shutdownGraceMs);
    await dependencies.close();
  }

  let stopped: Promise<void> | undefined;
  return {
    async start() {
      const port = await bind(server, config.address, await serverCredentials(config.tls));
      health.set("", "SERVING");
      for (const { definition } of registrations) {
        health.set(definition[serviceDescriptor].typeName, "SERVING");
      }
      return port;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
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
