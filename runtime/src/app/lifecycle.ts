import type { ServerCredentials } from "@grpc/grpc-js";
import type { ServiceConfig } from "../config/service.ts";
import type { HealthRegistry } from "../health/health-registry.ts";
import type { ServiceRegistration } from "../implement.ts";
import { faultLog } from "../interceptors/fault-log.ts";
import { interceptorsByMethod, type ServerInterceptors } from "../interceptors/scope.ts";
import type { Logger } from "../logger/logger.ts";
import { methodsOf, serviceDescriptor } from "../method.ts";
import { reflectionRegistrations } from "../reflection/reflection-registrations.ts";
import type { AdmissionEvents } from "../server/admission.ts";
import type { PlanOptions } from "../server/method-plan.ts";
import { within } from "../within.ts";
import { serverCredentials } from "./credentials.ts";
import { createHealth, probeResources } from "./probe-resources.ts";
import { closeAll, drainAll, openAll, type Resources } from "./resource.ts";

/** A server that can be started and stopped once. */
export interface App {
  /**
   * Opens the resources, then listens.
   *
   * @param address `host:port`; by default that of the settings
   * @returns the bound port
   * @throws Error in one line when the address is in use, a resource cannot be opened, a TLS file cannot be
   *   used, or an interceptor does not fit the services: call `stop` then, to close what was opened. Also
   *   when the app was started before, or is stopped meanwhile.
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
  > &
    Partial<Pick<ServiceConfig, "compression">>;
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

/** What every kind of server gets from the app. */
export interface NetworkServerOptions extends PlanOptions, AdmissionEvents {}

/** Makes a server for services; every service is registered with the options. */
export type CreateServer = (
  services: readonly ServiceRegistration[],
  options: NetworkServerOptions,
) => NetworkServer;

/** Starts and stops an app in order; the same for every kind of server. */
export class Lifecycle implements App {
  readonly health: HealthRegistry;
  readonly #options: AppOptions;
  readonly #create: CreateServer;
  readonly #services: readonly ServiceRegistration[];
  readonly #stopping = new AbortController();
  #server: NetworkServer | undefined;
  #started: Promise<number> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: AppOptions, create: CreateServer) {
    this.#options = options;
    this.#create = create;
    this.health = createHealth(options.logger);
    this.#services = withPlatformServices(options, this.health);
    // Not in `start`, which would overwrite what the user has set before.
    for (const name of this.#names()) this.health.set(name, "SERVING");
  }

  async start(address: string = this.#options.config.address): Promise<number> {
    this.#stopping.signal.throwIfAborted();
    if (this.#started !== undefined) throw new Error("the server has been started before");
    this.#started = this.#start(address);
    return await this.#started;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(address: string): Promise<number> {
    const { config, resources = {}, logger } = this.#options;
    const { signal } = this.#stopping;
    const server = await this.#createServer();
    this.#server = server;
    const credentials = await serverCredentials(config.tls, { logger, signal });
    await openAll(resources, signal);
    await probeResources(this.health, resources, this.#names());
    signal.throwIfAborted();
    return await server.listen(address, credentials);
  }

  async #stop(): Promise<void> {
    const { config, resources = {} } = this.#options;
    const graceMs = config.shutdownGraceMs;
    this.#stopping.abort(new Error("the server has been stopped"));
    this.health.shutdown(); // load balancers send calls elsewhere
    drainAll(resources);
    await within(graceMs, Promise.allSettled([this.#started])); // nothing opens after it was closed
    await this.#server?.drain(graceMs);
    await closeAll(resources);
  }

  async #createServer(): Promise<NetworkServer> {
    const { interceptors = [], config, logger } = this.#options;
    const methods = methodsOf(this.#services.map(({ definition }) => definition));
    const { environment } = config;
    return this.#create(this.#services, {
      interceptors: await interceptorsByMethod(interceptors, { methods, environment }),
      onError: faultLog(logger),
      onAbuse: ({ peer, cause }) => logger.warn({ peer, cause }, "abuse by a caller"),
      onOverload: ({ shed }) => logger.warn({ shed }, "overloaded: calls are turned away"),
    });
  }

  /** Full names of the services; the empty name is the server as a whole. */
  #names(): string[] {
    return ["", ...this.#services.map(({ definition }) => definition[serviceDescriptor].typeName)];
  }
}

/** The services of the app, health, and reflection if the settings say so. */
function withPlatformServices(
  { services, config }: Pick<AppOptions, "services" | "config">,
  health: HealthRegistry,
): ServiceRegistration[] {
  const registrations = [...services, health.registration()];
  if (config.reflection) registrations.push(...reflectionRegistrations(registrations));
  return registrations;
}
