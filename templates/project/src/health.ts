import type { Logger } from "pino";
import { HealthRegistry } from "./gen/runtime/index.ts";
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

/** Binds health to the resources; resolves when each has been asked once. */
export async function probeResources(health: HealthRegistry, resources: Resources): Promise<void> {
  const probes = Object.entries(resources).map(async ([name, resource]) => {
    const check = resource.check?.bind(resource);
    if (check === undefined) return;
    await health.probe(name, check, resource.optional === true ? { services: [name] } : {});
  });
  await Promise.all(probes);
}
