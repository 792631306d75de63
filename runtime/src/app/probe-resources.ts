import { HealthRegistry } from "../health/health-registry.ts";
import type { Logger } from "../logger/logger.ts";
import { entriesOf, type Resources } from "./resource.ts";

/** Makes a health registry that logs when a resource stops working, and when it works again. */
export function createHealth(logger: Logger): HealthRegistry {
  return new HealthRegistry({
    onProbe: (resource, result) => {
      if (result.passed) logger.info({ resource }, "resource works");
      else logger.error({ resource, err: result.error }, "resource does not work");
    },
  });
}

/** Stays SERVING while the process works, whatever its resources do: liveness probes ask for it. */
const healthService = "grpc.health.v1.Health";

/**
 * Binds the health of services to the resources. Resolves after the first check of each.
 *
 * @param services full names; the empty name is the server as a whole
 */
export async function probeResources(
  health: HealthRegistry,
  resources: Resources,
  services: readonly string[],
): Promise<void> {
  const dependent = services.filter((name) => name !== healthService);
  const probes = entriesOf(resources).map(async ([name, resource]) => {
    const check = resource.check?.bind(resource);
    if (check === undefined) return;
    await health.probe(name, check, { services: resource.optional === true ? [name] : dependent });
  });
  await Promise.all(probes);
}
