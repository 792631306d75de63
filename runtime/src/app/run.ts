import { readEnvironment } from "../config/environment-variables.ts";
import type { ServiceConfig } from "../config/service.ts";
import type { Variables } from "../config/variables.ts";
import type { Logger } from "../logger/logger.ts";
import type { App } from "./lifecycle.ts";
import { printProblem } from "./print-problem.ts";
import { stopOnSignals } from "./signals.ts";

/** The settings that `run` uses. */
export type RunConfig = Pick<
  ServiceConfig,
  "address" | "auth" | "environment" | "reflection" | "shutdownGraceMs" | "tls"
>;

/** The parts of a server program, created in this order. */
export interface Program<
  Config extends RunConfig,
  Dependencies extends { readonly logger: Logger },
> {
  /** @throws ConfigError that names every variable that is missing or wrong. */
  loadConfig(variables: Variables): Config;
  createDependencies(config: Config): Dependencies | Promise<Dependencies>;
  createApp(config: Config, dependencies: Dependencies): App | Promise<App>;
}

/**
 * Runs a server until it is stopped: settings, dependencies, app, then it serves. SIGTERM and SIGINT
 * drain it and exit with 0; a second signal exits at once with 1. An uncaught failure drains it and
 * exits with 1. If it cannot start, it prints one line per problem and exits with 1.
 *
 * @example
 * ```ts
 * await run({ loadConfig, createDependencies, createApp });
 * ```
 */
export async function run<
  Config extends RunConfig,
  Dependencies extends { readonly logger: Logger },
>(program: Program<Config, Dependencies>): Promise<void> {
  try {
    const config = program.loadConfig(readEnvironment());
    const dependencies = await program.createDependencies(config);
    const { logger } = dependencies;
    warnOfOpenings(config, logger);
    const app = await program.createApp(config, dependencies);
    await serve(app, config, logger);
  } catch (error) {
    printProblem(error);
    process.exit(1);
  }
}

/** What was asked for, and should not go unnoticed outside of development. */
function warnOfOpenings({ auth, environment, reflection }: RunConfig, logger: Logger): void {
  if (!auth.required) logger.warn("AUTH=off: calls need no token");
  if (reflection && environment !== "development") {
    logger.warn("REFLECTION=on: callers can list the services");
  }
}

async function serve(app: App, config: RunConfig, logger: Logger): Promise<void> {
  const shutdown = stopOnSignals(app, logger, config.shutdownGraceMs);
  try {
    const port = await app.start();
    const { environment, address, tls } = config;
    logger.info({ environment, address, port, tls: tls !== undefined }, "serving");
  } catch (error) {
    if (shutdown.begun) return; // a signal ended the start
    printProblem(error);
    await shutdown.begin("the server cannot start", 1);
  }
}
