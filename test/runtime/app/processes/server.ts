import { setImmediate, setTimeout } from "node:timers/promises";
import { AppServer, type Resource, run } from "../../../../runtime/src/app/index.ts";
import {
  defineConfig,
  readServiceConfig,
  type ServiceConfig,
} from "../../../../runtime/src/config/index.ts";
import type { Logger } from "../../../../runtime/src/logger/index.ts";
import { appOptions, createDependencies, type Dependencies, service } from "../support/program.ts";

interface Config extends ServiceConfig {
  /** How opening the database ends; one that stays does not close. */
  readonly database: "works" | "fails" | "hangs" | "stays";
}

const loadConfig = defineConfig(
  (env): Config => ({
    ...readServiceConfig(env, service),
    database: env.oneOf("DATABASE", "The database.", ["works", "fails", "hangs", "stays"], "works"),
  }),
);

/** Logs what happens to it. */
function database(behaviour: Config["database"], logger: Logger): Resource {
  return {
    async open(signal) {
      logger.info("opening the database");
      if (behaviour === "fails") throw new Error("no such database");
      // The timer stands for a connection: it keeps the process alive until the signal aborts.
      if (behaviour === "hangs") await setTimeout(600_000, undefined, { signal });
    },
    async close() {
      if (behaviour === "stays") await setTimeout(600_000);
      await setImmediate(); // closing takes a while, as with a real database
      logger.info("database closed");
    },
  };
}

await run({
  loadConfig,
  createDependencies(config): Dependencies {
    const dependencies = createDependencies(config);
    const { logger, resources } = dependencies;
    return {
      ...dependencies,
      resources: { ...resources, database: database(config.database, logger) },
    };
  },
  createApp: (config, dependencies) => new AppServer(appOptions(config, dependencies)),
});
