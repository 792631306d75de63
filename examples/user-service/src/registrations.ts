import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import type { HealthRegistry } from "./gen/runtime/health/index.ts";
import type { ServiceRegistration } from "./gen/runtime/index.ts";
import { reflectionRegistrations } from "./gen/runtime/reflection/index.ts";
import { services } from "./services/index.ts";

/** Everything a server answers: your services, and what the platform asks of any server. */
export function registerServices(
  config: Config,
  dependencies: Dependencies,
  health: HealthRegistry,
): ServiceRegistration[] {
  const registrations = [...services(dependencies), health.registration()];
  if (config.reflection) registrations.push(...reflectionRegistrations(registrations));
  return registrations;
}
