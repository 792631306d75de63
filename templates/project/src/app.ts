import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import {
  GrpcServer,
  HealthRegistry,
  type ServiceRegistration,
  serviceDescriptor,
} from "./gen/runtime/index.ts";
import { interceptors } from "./interceptors/index.ts";
import { faultLog } from "./interceptors/recovery.ts";
import { serverCredentials, serverOptions } from "./server-options.ts";
import { services } from "./services/index.ts";

/** A server that can be started and stopped once. */
export interface App {
  /** Serves; resolves with the bound port. @throws Error in one line when the address is taken. */
  start(): Promise<number>;
  /**
   * Takes no new calls, lets running ones finish for as long as the grace lasts, then closes the
   * dependencies. Calling it again gives the same promise.
   */
  stop(): Promise<void>;
}

/** Puts the server together from its parts; nothing runs before `start`. */
export function createApp(config: Config, dependencies: Dependencies): App {
  return new AppServer(config, dependencies);
}

class AppServer implements App {
  readonly #config: Config;
  readonly #dependencies: Dependencies;
  readonly #health = new HealthRegistry();
  readonly #services: readonly string[];
  readonly #server: GrpcServer;
  #stopped: Promise<void> | undefined;

  constructor(config: Config, dependencies: Dependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
    const registrations = this.registerServices();
    this.#services = registrations.map(({ definition }) => definition[serviceDescriptor].typeName);
    const methods = registrations.flatMap(({ definition }) => Object.values(definition));
    this.#server = new GrpcServer({
      services: registrations,
      interceptors: interceptors(config, dependencies, methods),
      onError: faultLog(dependencies.logger),
      channelOptions: serverOptions(config.limits),
    });
  }

  /** Everything this server answers: your services, and what the platform asks of any server. */
  registerServices(): ServiceRegistration[] {
    return [...services(this.#dependencies), this.#health.registration()];
  }

  async start(): Promise<number> {
    const { address, tls } = this.#config;
    const port = await this.#server.listen(address, await serverCredentials(tls));
    for (const service of ["", ...this.#services]) this.#health.set(service, "SERVING");
    return port;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#drain();
    return this.#stopped;
  }

  async #drain(): Promise<void> {
    this.#health.shutdown(); // load balancers turn elsewhere
    await this.#server.stop(this.#config.shutdownGraceMs);
    await this.#dependencies.close();
  }
}
