import { HealthClient } from "../../../runtime/src/health/client.ts";
import { HealthRegistry, type HealthRegistryOptions } from "../../../runtime/src/health/index.ts";
import type { PlanOptions } from "../../../runtime/src/server/index.ts";
import { cleanUp, patience } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";

/** A server that answers from a registry, and a client of it. */
export async function startHealth(
  host = hosts[0],
  options: HealthRegistryOptions & PlanOptions = {},
): Promise<{ registry: HealthRegistry; client: HealthClient }> {
  const registry = new HealthRegistry(options);
  const address = await host.serve([registry.registration()], options);
  const client = new HealthClient(address, patience);
  cleanUp(() => client.close());
  cleanUp(() => registry.shutdown());
  return { registry, client };
}
