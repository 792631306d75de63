import {
  HealthClient,
  HealthRegistry,
  type HealthRegistryOptions,
  type PlanOptions,
} from "../../../templates/runtime/index.ts";
import { cleanUp } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";

/** A server that answers from a registry, and a client of it. */
export async function startHealth(
  host = hosts[0],
  options: HealthRegistryOptions & PlanOptions = {},
): Promise<{ registry: HealthRegistry; client: HealthClient }> {
  const registry = new HealthRegistry(options);
  const client = new HealthClient(await host.serve([registry.registration()], options));
  cleanUp(() => client.close());
  cleanUp(() => registry.shutdown());
  return { registry, client };
}
