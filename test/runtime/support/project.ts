import { AppServer } from "../../../runtime/src/app/index.ts";
import {
  type ConfigLoader,
  defineConfig,
  readServiceConfig,
  type ServiceConfig,
} from "../../../runtime/src/config/index.ts";
import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import { createDependencies } from "../../../templates/project/src/dependencies.ts";
import { interceptors } from "../../../templates/project/src/interceptors.ts";

/** The settings of a new project. */
export const loadConfig: ConfigLoader<ServiceConfig> = defineConfig((env) =>
  readServiceConfig(env, { name: "test-service", version: "1.2.3" }),
);

/** A program with the interceptors and dependencies of a new project, and services of a test. */
export function projectWith(services: readonly ServiceRegistration[]) {
  return {
    loadConfig,
    createDependencies,
    createApp: (config: ServiceConfig, dependencies: ReturnType<typeof createDependencies>) =>
      new AppServer({
        config,
        services,
        interceptors: interceptors(config, dependencies),
        resources: dependencies.resources,
        logger: dependencies.logger,
      }),
  };
}
