import type { Logger } from "pino";
import { HealthRegistry } from "./gen/runtime/health/index.ts";
import type { Resources } from "./resource.ts";

/** Health that leaves a line in the log when a resource ceases to work, and when it works again. */
export function createHealth(logger: Logger): HealthRegistry {
  return new HealthRegistry({
    onProbe: (resource, result) => {
      if (result.passed) logger.info({ resource }, "resource works");
      else logger.error({ resource, err: result.error }, "resource does not work");
    },
  });
}

/** Serves as long as the process is well, whatever it lacks: what liveness probes ask for. */
const itself = "grpc.health.v1.Health";

/**
 * Binds the health of services to the resources; resolves when each has been asked once.
 *
 * @param services full names, the empty one for the server as a whole
 */
export async function probeResources(
  health: HealthRegistry,
  resources: Resources,
  services: readonly string[],
): Promise<void> {
  const dependent = services.filter((name) => name !== itself);
  const probes = Object.entries(resources).map(async ([name, resource]) => {
    const check = resource.check?.bind(resource);
    if (check === undefined) return;
    const concerned = resource.optional === true ? [name] : dependent;
    await health.probe(name, check, { services: concerned });
  });
  await Promise.all(probes);
}
