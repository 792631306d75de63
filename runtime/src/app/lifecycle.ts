import type { ServerCredentials } from "@grpc/grpc-js";
import type { ServiceConfig } from "../config/service.ts";
import type { HealthRegistry } from "../health/health-registry.ts";
import type { ServiceRegistration } from "../implement.ts";
import { faultLog } from "../interceptors/recovery.ts";
import { interceptorsByMethod, type ServerInterceptors } from "../interceptors/scope.ts";
import type { Logger } from "../logger/logger.ts";
import { serviceDescriptor } from "../method.ts";
import { reflectionRegistrations } from "../reflection/reflection-registrations.ts";
import type { PlanOptions } from "../server/method-plan.ts";
import { serverCredentials } from "./credentials.ts";
import { createHealth, probeResources } from "./probe-resources.ts";
import { closeAll, openAll, type Resources } from "./resource.ts";

/** A server that can be started and stopped once. */
export interface App {
  /**
   * Opens the resources, then listens.
   *
   * @param address `host:port`; by default that of the settings
   * @returns the bound port
   * @throws Error in one line when the address is in use, a resource cannot be opened, a TLS file cannot be
   *   used, or an interceptor does not fit the services. Call `stop` then, to close what was opened.
   */
  start(address?: string): Promise<number>;
  /**
   * Reports NOT_SERVING, takes no new calls, lets running calls finish for up to the grace period, then
   * closes the resources. Every call returns the same promise.
   */
  stop(): Promise<void>;
}

/** What an app is made of. */
export interface AppOptions {
  readonly config: Pick<
    ServiceConfig,
    "address" | "environment" | "limits" | "reflection" | "shutdownGraceMs" | "tls"
  >;
  /** The services of the app. Health is added, and reflection if the settings say so. */
  readonly services: readonly ServiceRegistration[];
  /** Outermost first. */
  readonly interceptors?: ServerInterceptors;
  /** Opened before the first call, watched by health, closed after the last call. */
  readonly resources?: Resources;
  readonly logger: Logger;
}

/** The part in which one kind of server differs from another. */
export interface NetworkServer {
  /** Takes calls. @returns the bound port */
  listen(address: string, credentials: ServerCredentials): Promise<number>;
  /** Takes no new calls. Resolves when the running ones have ended, or the grace period is over. */
  drain(graceMs: number): Promise<void>;
}

/** Makes a server for services; every service is registered with the options. */
export type CreateServer = (
  services: readonly ServiceRegistration[],
  options: PlanOptions,
) => NetworkServer;

/** Starts and stops an app in order; the same for every kind of server. */
export class Lifecycle implements App {
  readonly health: HealthRegistry;
  readonly #options: AppOptions;
  readonly #create: CreateServer;
  readonly #stopping = new AbortController();
  #server: NetworkServer | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: AppOptions, create: CreateServer) {
    this.#options = options;
    this.#create = create;
    this.health = createHealth(options.logger);
  }

  async start(address = this.#options.config.address): Promise<number> {
    const { config, resources = {}, logger } = this.#options;
    const services = this.#registerServices();
    const names = ["", ...services.map(({ definition }) => definition[serviceDescriptor].typeName)];
    const server = await this.#createServer(services);
    const { signal } = this.#stopping;
    const credentials = await serverCredentials(config.tls, { logger, signal });
    await openAll(resources, signal);
    await probeResources(this.health, resources, names);
    signal.throwIfAborted();
    this.#server = server;
    const port = await server.listen(address, credentials);
    for (const name of names) this.health.set(name, "SERVING");
    return port;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { config, resources = {} } = this.#options;
    this.#stopping.abort(new Error("the server has been stopped"));
    this.health.shutdown(); // load balancers send calls elsewhere
    await this.#server?.drain(config.shutdownGraceMs);
    await closeAll(resources);
  }

  /** The services of the app, health, and reflection if the settings say so. */
  #registerServices(): ServiceRegistration[] {
    const { services, config } = this.#options;
    const registrations = [...services, this.health.registration()];
    if (config.reflection) registrations.push(...reflectionRegistrations(registrations));
    return registrations;
  }

  async #createServer(services: readonly ServiceRegistration[]): Promise<NetworkServer> {
    const { interceptors = [], config, logger } = this.#options;
    const methods = services.flatMap(({ definition }) => Object.values(definition));
    const { environment } = config;
    return this.#create(services, {
      interceptors: await interceptorsByMethod(interceptors, { methods, environment }),
      onError: faultLog(logger),
    });
  }
}
