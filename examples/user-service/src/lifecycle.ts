import type { ServerCredentials } from "@grpc/grpc-js";
import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import type { HealthRegistry } from "./gen/runtime/health/index.ts";
import { type ServiceRegistration, serviceDescriptor } from "./gen/runtime/index.ts";
import { probeResources } from "./health.ts";
import { type MetricsServer, startMetricsServer } from "./metrics-server.ts";
import { closeAll, openAll } from "./resource.ts";
import { serverCredentials } from "./server-credentials.ts";

/** A server that can be started and stopped once. */
export interface App {
  /** Serves; resolves with the bound port. @throws Error in one line when an address is taken. */
  start(): Promise<number>;
  /**
   * Takes no new calls, lets running ones finish for as long as the grace lasts, then closes the
   * dependencies. Calling it again gives the same promise.
   */
  stop(): Promise<void>;
}

/** What differs between one server and another. */
export interface ServerParts {
  readonly config: Config;
  readonly dependencies: Dependencies;
  readonly health: HealthRegistry;
  readonly registrations: readonly ServiceRegistration[];
  /** Takes calls; resolves with the bound port. */
  listen(address: string, credentials: ServerCredentials): Promise<number>;
  /** Takes no new calls; resolves when the running ones have ended, or been ended after the grace. */
  drain(graceMs: number): Promise<void>;
}

/** In which order a server starts and stops: the same for every kind of server. */
export function lifecycle(parts: ServerParts): App {
  const { config, dependencies, health, registrations } = parts;
  const { logger, registry, resources } = dependencies;
  const typeNames = registrations.map(({ definition }) => definition[serviceDescriptor].typeName);
  const names = ["", ...typeNames];
  const stopping = new AbortController();
  let metrics: MetricsServer | undefined;
  let stopped: Promise<void> | undefined;

  async function start(): Promise<number> {
    const { address, metricsAddress, tls } = config;
    const credentials = await serverCredentials(tls, { logger, signal: stopping.signal });
    if (metricsAddress !== undefined) {
      metrics = await startMetricsServer(metricsAddress, registry);
      logger.info({ address: metricsAddress, port: metrics.port }, "serving metrics");
    }
    await openAll(resources, stopping.signal);
    await probeResources(health, resources, names);
    const port = await parts.listen(address, credentials);
    for (const name of names) health.set(name, "SERVING");
    return port;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    health.shutdown(); // load balancers turn elsewhere
    await parts.drain(config.shutdownGraceMs);
    await metrics?.close(); // only now: the last calls count, too
    await closeAll(resources);
  }

  return {
    start,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
