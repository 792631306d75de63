import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import { GrpcServer } from "./gen/runtime/server/index.ts";
import { createHealth } from "./health.ts";
import { interceptors } from "./interceptors/index.ts";
import { faultLog } from "./interceptors/recovery.ts";
import { type App, lifecycle } from "./lifecycle.ts";
import { registerServices } from "./registrations.ts";

/**
 * Puts the server together from its parts; nothing is opened before `start`.
 *
 * @throws Error in one line when the interceptors do not fit the services.
 */
export async function createApp(config: Config, dependencies: Dependencies): Promise<App> {
  const health = createHealth(dependencies.logger);
  const registrations = registerServices(config, dependencies, health);
  const methods = registrations.flatMap(({ definition }) => Object.values(definition));
  const server = new GrpcServer({
    services: registrations,
    interceptors: await interceptors(config, dependencies, methods),
    onError: faultLog(dependencies.logger),
    limits: config.limits,
  });
  return lifecycle({
    config,
    dependencies,
    health,
    registrations,
    listen: (address, credentials) => server.listen(address, credentials),
    drain: (graceMs) => server.stop(graceMs),
  });
}
