import { type ServiceRegistration, serviceDescriptor, type UntypedHandler } from "grpc-service";
import { HealthRegistry } from "grpc-service/health";
import { reflectionRegistrations } from "grpc-service/reflection";
import { GrpcServer, type OnError, toImplementation } from "grpc-service/server";

/** Time for running calls to finish when the server stops. */
const graceMs = 500;

/**
 * A server whose services can be replaced while it runs. Connections stay open, and running calls finish
 * with the service that they started with. Health and reflection follow.
 */
export class MockServer {
  readonly #health = new HealthRegistry();
  readonly #server: GrpcServer;
  readonly #onError: OnError;
  #services: readonly ServiceRegistration[] = [];
  #reflection: readonly ServiceRegistration[];

  /** @param onError called with failures that are not a status */
  constructor(onError: OnError) {
    this.#onError = onError;
    const health = this.#health.registration();
    this.#reflection = reflectionRegistrations([health]);
    const reflection = this.#reflection.map((service, version) =>
      this.#currentReflection(service, version),
    );
    this.#server = new GrpcServer({ services: [health, ...reflection], onError });
  }

  /** @returns the bound port @throws Error when the address cannot be bound */
  listen(address: string): Promise<number> {
    return this.#server.listen(address);
  }

  /** Replaces the services. New calls go to these at once. */
  serve(services: readonly ServiceRegistration[]): void {
    for (const { definition } of this.#services) {
      this.#server.server.removeService(definition);
      this.#health.set(definition[serviceDescriptor].typeName, "NOT_SERVING");
    }
    for (const service of services) {
      const implementation = toImplementation(service, { onError: this.#onError });
      this.#server.server.addService(service.definition, implementation);
      this.#health.set(service.definition[serviceDescriptor].typeName, "SERVING");
    }
    this.#services = services;
    this.#reflection = reflectionRegistrations([...services, this.#health.registration()]);
  }

  async stop(): Promise<void> {
    this.#health.shutdown();
    await this.#server.stop(graceMs);
  }

  /** A version of the reflection service that describes what is served when a call starts. */
  #currentReflection({ definition }: ServiceRegistration, version: number): ServiceRegistration {
    const handlers = Object.keys(definition).map((name): [string, UntypedHandler] => [
      name,
      (input, context) => this.#reflection[version]?.handlers.get(name)?.(input, context),
    ]);
    return { definition, handlers: new Map(handlers) };
  }
}
