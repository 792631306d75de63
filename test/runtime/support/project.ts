import type { Config } from "../../../examples/user-service/src/config.ts";
import {
  createDependencies as createAll,
  type Dependencies,
} from "../../../examples/user-service/src/dependencies.ts";
import { interceptors } from "../../../examples/user-service/src/interceptors.ts";
import { AppServer } from "../../../runtime/src/app/index.ts";
import {
  type ConfigLoader,
  defineConfig,
  readServiceConfig,
} from "../../../runtime/src/config/index.ts";
import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import { readDatabaseConfig } from "../../../runtime/src/postgres/index.ts";

/** The settings of a new project. */
export const loadConfig: ConfigLoader<Config> = defineConfig((env) => ({
  ...readServiceConfig(env, { name: "test-service", version: "1.2.3" }),
  language: "en",
  database: readDatabaseConfig(env),
}));

/** What handlers of a new project may use, but no database is opened: to embed one takes a second. */
function createDependencies(config: Config): Dependencies {
  const dependencies = createAll(config);
  const { database: _, ...resources } = dependencies.resources;
  return { ...dependencies, resources };
}

/** A program with the interceptors and dependencies of a new project, and services of a test. */
export function projectWith(services: readonly ServiceRegistration[]) {
  return {
    loadConfig,
    createDependencies,
    createApp: (config: Config, dependencies: Dependencies) =>
      new AppServer({
        config,
        services,
        interceptors: interceptors(config, dependencies),
        resources: dependencies.resources,
        logger: dependencies.logger,
      }),
  };
}
